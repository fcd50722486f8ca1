"""What a view sees: the session, its language's words, the hour; and the parts that every page has."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.checkout.events import Event, HelpPressed
from kiosk.checkout.model import Line, Sale
from kiosk.checkout.passed import Closed, Erased, Opened
from kiosk.checkout.patience import slowed
from kiosk.checkout.session import Device, Finishing, Health, Panel, Paying, Policy, Session, Shopping
from kiosk.text import Words
from kiosk.units import Millis
from screens.reading import SAID
from screens.widgets import (
    Block,
    Dots,
    Field,
    Finder,
    Head,
    Hero,
    Key,
    Page,
    QrCode,
    Sheet,
    Slip,
    Strip,
    Table,
    Total,
    Weighing,
)

FULL = Dots | Field | Finder | QrCode | Sheet | Table | Weighing
"""What leaves no room beside it for what is spoken."""
SHORT = 48
"""Letters up to which what is spoken is set large."""


class Lane:
    """One session as it is drawn: `words` in its language, `now` in milliseconds UTC."""

    def __init__(self, session: Session, words_for: Callable[[str], Words], now: Millis) -> None:
        self.session = session
        self.words_for = words_for
        self.now = now
        self.words = words_for(session.kept.language)

    @property
    def policy(self) -> Policy:
        return self.session.kept.policy

    @property
    def sale(self) -> Sale | None:
        """The basket, where there is one that is not closed."""
        phase = self.session.kept.phase
        return phase.sale if isinstance(phase, Shopping | Paying) else None

    @property
    def panel(self) -> Panel:
        return self.session.passing.panel or Panel("")

    def device(self, name: str) -> Device | None:
        return next((each for each in self.session.passing.devices if each.name == name), None)

    def away(self, name: str) -> bool:
        """A device that belongs to this lane and does not work now (a printer without paper is away)."""
        device = self.device(name)
        return device is not None and (device.health is not Health.READY or device.paper == "out")

    def works(self, name: str) -> bool:
        return self.device(name) is not None and not self.away(name)

    @property
    def large(self) -> bool:
        """Large text: fewer words and fewer things on a page."""
        return self.session.passing.large

    @property
    def easier(self) -> bool:
        """Whether somebody has set the screen to be easier to see or to reach."""
        passing = self.session.passing
        return passing.large or passing.contrast or passing.low_reach

    @property
    def low(self) -> bool:
        """Keys further down, and fewer things on a page, as large text has them anyway."""
        return self.session.passing.low_reach and not self.large

    def time(self, millis: int) -> int:
        """A time of the policy as whoever is here has it."""
        return slowed(self.session, millis)

    def clock(self) -> str:
        return self.words.clock(self.now, self.policy.utc_offset_minutes)

    def head(self, right: str = "", right_icon: str = "") -> Head:
        words, policy = self.words, self.policy
        return Head(policy.shop, words("Checkout {lane}", lane=policy.lane), right, right_icon)

    def member_head(self) -> Head:
        """That member prices are on, and nothing of whose."""
        right = self.words("Member prices are on") if self.sale is not None and self.sale.member else ""
        return self.head(right, "member" if right else "")

    def head_with_sum(self) -> Head:
        """For pages whose sill has no room for the total: it is never hidden."""
        if not isinstance(self.session.kept.phase, Shopping) or not self.sale or not self.sale.lines:
            return self.head()
        return replace(self.head(self.words("To pay")), right_strong=self.total().amount)

    def staff_head(self, right: str = "", right_icon: str = "") -> Head:
        words = self.words
        lane = words("Checkout {lane}", lane=self.policy.lane)
        return Head(words("Staff"), lane, right, right_icon, tone="staff", icon="person")

    def help_open(self) -> bool:
        """A colleague was called to this basket, for whatever reason."""
        called = self.session.passing.notice == "help_coming" or self.away("storage")
        return called or (self.sale is not None and any(each.asked_staff for each in self.sale.open))

    def help_key(self) -> Key:
        words, panel = self.words, Opened(Panel("help"))
        if self.help_open():
            text = words("Help") if self.large else words("Help is coming")
            return Key(id="help", text=text, icon="person", kind="person", sends=panel)
        sends: Event = panel if self.sale is None else HelpPressed(self.easier)
        return Key(id="help", text=words("Help"), icon="help", sends=sends)

    def language_key(self) -> Key:
        words, large = self.words, self.large
        text = words.language.upper() if large else words.name
        return Key(id="language", text=text, icon="language", sends=Opened(Panel("language")))

    def access_key(self) -> Key:
        words, large = self.words, self.large
        text = words("Large") if large else words("Easier to use")
        return Key(id="access", text=text, icon="access", chosen=large, sends=Opened(Panel("access")))

    def foot(self) -> tuple[Key, ...]:
        return self.help_key(), self.language_key(), self.access_key()

    def back(self, text: str = "") -> Key:
        """The key that closes a panel, named after where it leads."""
        words = self.words
        if not text:
            basket = isinstance(self.session.kept.phase, Shopping) and not self.large
            text = words("Back to basket") if basket else words("Back")
        return Key(id="back", text=text, icon="back", sends=Closed())

    def erase(self) -> Key:
        """Takes the last typed character back."""
        if self.session.passing.typed:
            return Key(id="erase", text="", icon="erase", sends=Erased())
        return Key(id="erase", text="", icon="erase", off=True, why=self.words("Nothing is typed yet."))

    def total(self) -> Total:
        """What is to pay, how many products that is, and what was saved."""
        phase, words = self.session.kept.phase, self.words
        if isinstance(phase, Finishing):
            closed = phase.closed
            paid = words.money(closed.priced.total)
            return Total(words("Paid"), paid, counted(words, closed.lines), self.saved())
        sale = self.sale
        if sale is None or not sale.lines:
            return Total(words("To pay"), words.money(0), words("No products yet"))
        due = words.money(sale.priced.total) if sale.priced else ""
        return Total(words("To pay"), due, counted(words, sale.lines), self.saved())

    def basket_total(self) -> Total | None:
        """What a colleague sees of it: what the basket comes to, and nothing where there is none."""
        return replace(self.total(), label=self.words("Basket")) if self.sale and self.sale.lines else None

    def label(self, promotion: str, label: str) -> str:
        """A promotion's words in the page's language, where the offers have them."""
        offers = self.session.kept.offers
        found = next((each for each in offers.promotions if each.id == promotion), None) if offers else None
        return found.words(self.words.language) if found else label or promotion

    def saved(self) -> str:
        phase, words = self.session.kept.phase, self.words
        priced = phase.closed.priced if isinstance(phase, Finishing) else self.sale and self.sale.priced
        return words("saved {sum}", sum=words.money(priced.discount)) if priced and priced.discount else ""

    def page(
        self,
        name: str,
        *blocks: Block,
        head: Head | None = None,
        tools: tuple[Key, ...] = (),
        letters: tuple[tuple[Key, ...], ...] = (),
        total: Total | None = None,
        go: Key | None = None,
        foot: tuple[Key, ...] | None = None,
        progress: Hero | None = None,
    ) -> Page:
        """A page in the session's language and look."""
        words, passing = self.words, self.session.passing
        head = head or (self.head() if total else self.head_with_sum())
        foot = self.foot() if foot is None else foot
        return Page(
            name=name,
            language=self.words.language,
            head=head,
            blocks=self.printed(blocks),
            tools=tools,
            letters=letters,
            total=total,
            go=go,
            foot=foot,
            progress=progress,
            rtl=self.words.rtl,
            theme="contrast" if passing.contrast else "dark" if passing.dark else "light",
            large=self.large and head.tone == "shop",
            low_reach=passing.low_reach and head.tone == "shop",
            turn=(words("{n} more above"), words("Back to the newest line")),
            still=passing.speaking,
            curtain=passing.speaking and passing.hearing.curtain,
        )

    def printed(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """What is spoken is printed on the slip as well; not on pages whose paper is full, and in large text only under
        the newest line."""
        text, words = self.session.passing.hearing.said, self.words
        if not text or not self.session.passing.speaking or any(isinstance(each, FULL) for each in blocks):
            return blocks
        said, now = f"“{text}”", words("Spoken now. 0 says it again.")
        strip = (
            Strip(SAID, "headphones", now, said)
            if len(text) > SHORT
            else Strip(SAID, "headphones", said, now)
        )
        paper = next((each for each in blocks if isinstance(each, Slip)), None)
        if self.large and (paper is None or paper.headline is None):
            return blocks
        if paper is None:
            return (*blocks, Slip(strips=(strip,)))
        more = replace(paper, strips=(*paper.strips, strip))
        return tuple(more if each is paper else each for each in blocks)


def two_lines(text: str) -> tuple[str, ...]:
    """A headline as it breaks: each language says where."""
    return tuple(text.split("\n"))


def pieces(lines: tuple[Line, ...]) -> int:
    """How many products: what is sold by weight counts once."""
    return sum(line.qty for line in lines)


def counted(words: Words, lines: tuple[Line, ...]) -> str:
    return words.n("{n} product", "{n} products", pieces(lines))


def slip(strips: tuple[Strip, ...], name: str = "slip") -> tuple[Slip, ...]:
    """A slip of strips alone, none without strips; to be spread into a page's blocks."""
    return (Slip(strips=strips, id=name),) if strips else ()
