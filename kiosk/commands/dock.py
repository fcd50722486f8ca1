"""kiosk dock FILE: a window with the world around a kiosk; FILE gets the devices' part of a configuration."""

import argparse
import os
from pathlib import Path

import pygame
from msgspec.structs import replace

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.world import Card
from kiosk.catalogue import Catalogue
from kiosk.checkout.passed import Paged, Typed
from kiosk.loop.face import touches
from screens.dock import Dock, Thing, dock
from screens.screen import Screen
from screens.theme import Panel

PX = (540, 960)
FRAME = 33  # ms between looks at the window
MOST = 60  # things on the dock's pages
BADGE = "STAFF-1204"


class Play:
    """The dock at work: what its keys say, done to the simulated lane."""

    def __init__(self, lane: SimulatedLane, member: str) -> None:
        self.lane, self.member = lane, member
        self.seen = Dock(())

    def stock(self, catalogue: Path) -> None:
        """The things of the shop, once its catalogue is there."""
        if self.seen.things or not catalogue.exists():
            return
        with Catalogue.open(catalogue) as book:
            items, _ = book.search("", MOST)
        things = tuple(
            Thing(
                item.id,
                item.name,
                f"{item.gtin:013d}" if item.gtin and not item.by_weight else "",
                item.grams or 645,
                item.symbol,
                item.department,
            )
            for item in items
        )
        self.seen = replace(self.seen, things=things)

    def look(self) -> Dock:
        scene = self.lane.world.scene
        card = f"{scene.card.name} {scene.card.last4}" if scene.card else ""
        self.seen = replace(self.seen, produce=scene.produce, bag=scene.bag, card=card, paper=scene.paper)
        return self.seen

    def turn(self, page: int) -> None:
        self.seen = replace(self.seen, page=page)

    def do(self, line: str) -> None:
        """One line, as a key sent it."""
        verb, *rest = line.split()
        world, scanner = self.lane.world, self.lane.scanner
        match verb:
            case "buy":
                scanner.scan(rest[0])
                world.put("bag", int(rest[1]))
            case "weigh":
                world.change(produce=0 if world.scene.produce else int(rest[0]))
            case "put":
                world.put("bag", max(int(rest[1]), -world.scene.bag))
            case "clear":
                world.change(bag=0, produce=0)
            case "card":
                held = world.scene.card is not None and world.scene.card.bank == rest[0]
                world.change(card=None if held else Card(bank=rest[0]))  # type: ignore[arg-type]
            case "member":
                scanner.scan(self.member)
            case "badge":
                scanner.scan(BADGE, "]C0")
            case "paper":
                world.change(paper=0 if world.scene.paper else 80_000)
            case "unplug" | "replug":
                self.cable(verb, rest[0])

    def cable(self, verb: str, name: str) -> None:
        peer = self.lane.peers[name]
        if verb == "unplug":
            peer.unplug()
            self.seen = replace(self.seen, unplugged=self.seen.unplugged | {name})
        else:
            peer.replug()
            self.seen = replace(self.seen, unplugged=self.seen.unplugged - {name})


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kiosk dock", description="The world around a kiosk, to play with.")
    parser.add_argument("file", type=Path, help="where to write the devices' part of a configuration")
    parser.add_argument("--catalogue", type=Path, required=True, help="the kiosk's catalogue file")
    parser.add_argument("--member", default="2950000000006")
    options = parser.parse_args(argv)
    os.environ.setdefault("SDL_VIDEO_WINDOW_POS", "20,20")
    with SimulatedLane() as lane:
        options.file.write_text(lane.toml())
        live(Play(lane, options.member), options.catalogue)
    return 0


def live(play: Play, catalogue: Path) -> None:
    """Until the window is closed."""
    screen = Screen(Panel(px=PX, mm=(194, 344)))
    pygame.display.set_caption("Dock")
    while True:
        play.stock(catalogue)
        now = pygame.time.get_ticks()
        screen.show(dock(play.look()), now)
        screen.draw(now)
        screen.flip()
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                return
            for kind, x, y in touches(event, PX):
                match screen.touch(kind, x, y, now):
                    case Typed(text=line):
                        play.do(line)
                    case Paged(page=page):
                        play.turn(page)
        pygame.time.wait(FRAME)
