"""How contributions are paid, as sentences to the person.

Places and the number to call: the fund's public communiqués. Those who pay with the tax pay the
duty together with it (general tax code, article 73).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qafila_law.contributions.categories import category_of

FUND_ADDRESS = "www.cnss.ma/bpc-payement/assure/tns"
CALL_CENTRE = "3939"


def ways_to_pay(categories: Iterable[str], fund_number: str = "") -> list[str]:
    """Where and how people of these categories pay, in the language in force."""
    found = {category_of(category) for category in categories}
    ways = []
    if not found or any(not category.pays_with_tax for category in found):
        ways.append(
            _("Pay at an agency of the fund, at a relay point, or on %(address)s.")
            % {"address": FUND_ADDRESS}
        )
        if fund_number:
            ways.append(
                _("Give your fund number when you pay: %(number)s.") % {"number": fund_number}
            )
    if any(category.pays_with_tax for category in found):
        ways.append(_("This contribution is paid together with your tax, each quarter."))
    ways.append(_("Keep your receipt. For questions call %(number)s.") % {"number": CALL_CENTRE})
    return ways
