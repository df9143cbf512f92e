"""The words beside a date tell whether it is a deadline, a start, a day of payment or past."""

import re

HAPPENED = re.compile(r"[^.;\n]{0,30}\b(?:was|were|had|did|went|came|got|lost|changed|died)\b", re.IGNORECASE)
BY = re.compile(
    r"\b(?:by|until|till|before|due|deadline|go[- ]?live|live|finish(?:ed)?|done|ready|complete[d]?"
    r"|no later than|latest|bis|spätestens|vor|fertig|avant|au plus tard|bascule|d'ici|pour le|échéance"
    r"|antes de|hasta|para|for the|voor|vóór|uiterlijk|tegen|entro|até|do)\b[^.;\n]{0,22}$",
    re.IGNORECASE,
)
START = re.compile(
    r"\b(?:start|starts|starting|begin|begins|from|beginn|ab|à partir|desde|vanaf|kick-?off)\b[^.;\n]{0,18}$",
    re.IGNORECASE,
)
NOT_DUE = re.compile(
    r"\b(?:since|seit|depuis|sinds)\b[^.;\n]{0,38}$|\b(?:desde|last|has changed|founded|paid|payment|invoice"
    r"|licen[cs]es? (?:run|end)|contract (?:ends|runs)|support (?:ends|ended))\b[^.;\n]{0,15}$|\b(?:version"
    r"|release|server|edition)\s$|\bpays?(?: (?:you|us|them|your|our|invoices?|bills?|everything|all|always)){0,3} $"
    r"|\b(?:payable|settled|terms|zahlung|zahlbar|paiement|pago|betaling)[ :]{1,2}(?:\w+ )?$",
    re.IGNORECASE,
)
