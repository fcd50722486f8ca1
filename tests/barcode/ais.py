"""Valid elements for properties: of every kind of value that a till may meet, and some that it may not."""

from hypothesis import strategies as st

from kiosk.barcode.digits import check_digit
from kiosk.barcode.gs1.elements import Element
from kiosk.barcode.gs1.lint import CSET_82


def digits(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=size, max_size=size)


def text(most: int) -> st.SearchStrategy[str]:
    return st.text(CSET_82, min_size=1, max_size=most)


def checked(size: int) -> st.SearchStrategy[str]:
    return digits(size - 1).map(lambda payload: f"{payload}{check_digit(payload)}")


def of(ais: list[str], value: st.SearchStrategy[str]) -> st.SearchStrategy[Element]:
    return st.builds(Element, st.sampled_from(ais), value)


day = st.dates().map(lambda day: f"{day:%y%m%d}").filter(lambda day: day != "000229")
month = st.tuples(day, st.booleans()).map(lambda pair: pair[0][:4] + "00" if pair[1] else pair[0])
hour = st.times().map(lambda time: f"{time:%H%M}")
some_elements = st.one_of(
    of(["00"], checked(18)),
    of(["01", "02"], checked(14)),
    of(["10", "21", "22", "254", "7020"], text(20)),
    of(["240", "241", "400", "90"], text(30)),
    of(["91", "98", "99"], text(90)),
    of(["11", "13", "15", "16", "17"], month),
    of(["4326", "7006"], day),
    of(["7003", "4324"], st.builds(str.__add__, day, hour)),
    of(["8008"], st.tuples(day, digits(0), hour).map("".join)),
    of(["30", "37"], st.integers(1, 8).flatmap(digits)),
    of(["3100", "3103", "3205", "3304", "3571"], digits(6)),
    of(["3900", "3922", "3929"], st.integers(1, 15).flatmap(digits)),
    of(["3912", "3931"], st.integers(1, 15).flatmap(digits).map("978".__add__)),
    of(["410", "414", "417"], checked(13)),
    of(["253"], st.builds(str.__add__, checked(13), st.just("") | text(17))),
    of(["422", "424"], st.sampled_from(["578", "276", "840"])),
    of(["423"], st.lists(st.sampled_from(["578", "276"]), min_size=1, max_size=5).map("".join)),
    of(["8005"], digits(6)),
)
