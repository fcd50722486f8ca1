"""Runs inside an environment that has django-oscar: its Applicator on the baskets given on stdin.

In: {"products": [[id, cents]], "offers": [[product id, ...]], "baskets": [[[id, qty], ...]]}; each offer is
"3 for 2" over its products. Out: {"version", "milliseconds": per basket, "totals": per basket in cents}.
"""

import json
import sys
from decimal import Decimal
from time import process_time

import django
import oscar
from django.conf import settings
from oscar import defaults

DJANGO_APPS = "admin auth contenttypes sessions messages sites flatpages"
OSCAR_APPS = """
    analytics checkout address shipping catalogue catalogue.reviews:CatalogueReviews communication partner
    basket payment offer order customer search voucher wishlists dashboard dashboard.reports dashboard.users
    dashboard.orders dashboard.catalogue dashboard.offers dashboard.partners dashboard.pages dashboard.ranges
    dashboard.reviews dashboard.vouchers dashboard.communications dashboard.shipping
"""


def oscar_app(name: str) -> str:
    """The configuration class of one of oscar's apps: dashboard.users is UsersDashboardConfig."""
    place, _, given = name.partition(":")
    words = place.split(".")[::-1]
    return f"oscar.apps.{place}.apps.{given or ''.join(word.title() for word in words)}Config"


def set_up() -> None:
    """Django with an in-memory SQLite and oscar's own defaults."""
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        SITE_ID=1,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in DJANGO_APPS.split()),
            "oscar.config.Shop", *map(oscar_app, OSCAR_APPS.split()),
            "haystack", "treebeard", "django_tables2",
        ],
        **{name: value for name, value in vars(defaults).items() if name.startswith("OSCAR_")},
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)


def measure(work: dict) -> dict:
    """Fill the shop, then time `Applicator.apply` on each basket."""
    from oscar.apps.basket.models import Basket
    from oscar.apps.catalogue.models import Product, ProductClass
    from oscar.apps.offer.applicator import Applicator
    from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
    from oscar.apps.partner.models import Partner, StockRecord
    from oscar.apps.partner.strategy import Default

    kind = ProductClass.objects.create(name="goods", requires_shipping=False, track_stock=False)
    partner = Partner.objects.create(name="shop")
    products = {}
    for number, cents in work["products"]:
        products[number] = Product.objects.create(title=f"product {number}", product_class=kind)
        StockRecord.objects.create(
            product=products[number], partner=partner, partner_sku=str(number), price=Decimal(cents) / 100
        )
    for at, numbers in enumerate(work["offers"]):
        some = Range.objects.create(name=f"range {at}")
        for number in numbers:
            if number in products:
                some.add_product(products[number])
        condition = Condition.objects.create(range=some, type=Condition.COUNT, value=3)
        benefit = Benefit.objects.create(range=some, type=Benefit.MULTIBUY, value=1)
        ConditionalOffer.objects.create(name=f"offer {at}", condition=condition, benefit=benefit)
    times, totals = [], []
    for wanted in work["baskets"]:
        basket = Basket.objects.create()
        basket.strategy = Default()
        for number, qty in wanted:
            basket.add_product(products[number], qty)
        started = process_time()
        Applicator().apply(basket)
        times.append(1000 * (process_time() - started))
        totals.append(int(basket.total_incl_tax * 100))
    return {"version": f"django-oscar {oscar.get_version()}", "milliseconds": times, "totals": totals}


if __name__ == "__main__":
    set_up()
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
