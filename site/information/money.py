"""Amounts of money in words: always with their currency, never without a day. Pure but for number formats."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# ISO 4217; the choice of an editor, not of every currency there is.
CURRENCIES = [
    ("USD", gettext_lazy("US dollar (USD)")),
    ("EUR", gettext_lazy("Euro (EUR)")),
    ("GBP", gettext_lazy("Pound sterling (GBP)")),
    ("CNY", gettext_lazy("Chinese yuan (CNY)")),
    ("AED", gettext_lazy("UAE dirham (AED)")),
    ("AUD", gettext_lazy("Australian dollar (AUD)")),
    ("BRL", gettext_lazy("Brazilian real (BRL)")),
    ("CAD", gettext_lazy("Canadian dollar (CAD)")),
    ("CHF", gettext_lazy("Swiss franc (CHF)")),
    ("INR", gettext_lazy("Indian rupee (INR)")),
    ("JPY", gettext_lazy("Japanese yen (JPY)")),
    ("KES", gettext_lazy("Kenyan shilling (KES)")),
    ("MXN", gettext_lazy("Mexican peso (MXN)")),
    ("RON", gettext_lazy("Romanian leu (RON)")),
    ("RUB", gettext_lazy("Russian rouble (RUB)")),
    ("SAR", gettext_lazy("Saudi riyal (SAR)")),
    ("THB", gettext_lazy("Thai baht (THB)")),
    ("TRY", gettext_lazy("Turkish lira (TRY)")),
    ("ZAR", gettext_lazy("South African rand (ZAR)")),
]


def figure(amount: Decimal) -> str:
    """1,240 or 1,240.50: whole amounts without decimals."""
    places = 0 if amount == amount.to_integral_value() else 2
    return str(number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True))


def cost_words(least: Decimal | None, most: Decimal | None, currency: str) -> str:
    """'USD 20,000 to 32,000', 'USD 20,000', 'up to USD 32,000' where only `most` is known, ''
    for no amount.
    """
    if least is None and most is None:
        return ""
    if least is not None and most is not None and least != most:
        return _("%(currency)s %(least)s to %(most)s") % {
            "currency": currency,
            "least": figure(least),
            "most": figure(most),
        }
    if least is not None:
        return f"{currency} {figure(least)}"
    return _("up to %(currency)s %(most)s") % {"currency": currency, "most": figure(most or Decimal(0))}
