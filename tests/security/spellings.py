"""Harmless sentences, and telephone numbers, names, streets and official numbers as people write them."""

HARMLESS = (
    "Which version of the Domino server is it, 9.0.1 or older?",
    "We need 400 mailboxes moved before 31.03.2027, the rest can wait until Q2.",
    "Is the VPN site-to-site, and who owns the firewall rules today?",
    "The ASP.NET part runs on SQL Server 2008 R2 with about 12.000 documents a day.",
    "Two of us are free from 11 January for 6 days a month.",
    "Does the data have to stay in the EU during the cutover?",
    "Office 365 E3 is there already, Azure AD Connect as well.",
    "How many sites are in Leeds and how many in Cork?",
    "We did the same for a dairy group in 2024, applications included.",
    "Is a night window of 22:00-04:00 possible on weekends?",
)
PHONES = {  # as it is dialled → how people write it
    "2079460123": "+44 20 7946 0123|+44 (0)20 7946 0123|0044 20 7946 0123|020 7946 0123|(020) 7946-0123|020-7946-0123"
    "|020.7946.0123|+442079460123|02079460123|+44-20-7946-0123 ext. 12|+44 (20) 7946 0123 x 7"
    "|+44\u00a020\u00a07946\u00a00123|+44 20 7946\u20110123|tel:+44-20-7946-0123"
    "|０２０ ７９４６ ０１２３|+44/20/7946/0123|0 20 7946 0123",
    "30901820": "+49 30 901820|+49 (0) 30 / 90 18 20|030/901820|030 90 18 20|030-901820|+49.30.901820|0049-30-901820",
    "123456789": "01 23 45 67 89|01.23.45.67.89|01-23-45-67-89|+33 1 23 45 67 89|+33 (0)1 23 45 67 89|0033123456789",
    "4155550123": "(415) 555-0123|415-555-0123|415.555.0123|415 555 0123|+1 415 555 0123|1-415-555-0123"
    "|+1 (415) 555-0123",
    "612345678": "612 34 56 78|612 345 678|+34 612 345 678|+34 612 34 56 78|612345678",
    "40123456": "40 12 34 56|+47 40 12 34 56|+47 401 23 456|4012 3456",
    "9876543210": "98765 43210|+91 98765 43210|9876543210|+91-9876543210|098765 43210",
    "3331234567": "333 1234567|+39 333 1234567|333 123 4567|+39 333 12 34 567",
    "601234567": "601 234 567|601-234-567|+48 601 234 567|+48601234567",
    "446681800": "044 668 18 00|+41 44 668 18 00|+41 (0)44 668 18 00|0446681800",
}
SPELT_PHONE = "zero two zero seven nine four six zero one two three"
STRANGERS = (
    "Marek",
    "Oksana",
    "Thibault",
    "Siobhán",
    "Giuseppe",
    "Rajesh",
    "Ingeborg",
    "Wojciech",
    "Mehmet",
    "Katarzyna",
    "Xiulan",
    "Adebayo",
)
SURNAMES = ("Kowalczyk", "Lindqvist", "Okonkwo", "Haverkamp", "Delacroix", "Szymański", "Papadakis", "Thorvaldsen")
STREETS = (
    ("Mühlgrabenstraße 17", "muhlgrabenstrasse17"), ("221B Cranbourne Street", "cranbourne"),
    ("12 rue de la Verrerie", "verrerie"),
    ("Kerkhofstraat 12", "kerkhofstraat"), ("Calle Zurbarán 31", "zurbaran31"), ("Via Garigliano 5", "garigliano"),
    ("EC2V 7HH", "ec2v7hh"),
)  # fmt: skip
OFFICIAL = (
    ("VAT GB 987 6543 21", "987654321"), ("USt-IdNr. DE298765432", "298765432"),
    ("IBAN DE89 3704 0044 0532 0130 00", "370400440532013000"),
    ("HRB 198273", "198273"), ("SIRET 732 829 320 00074", "73282932000074"), ("Company No. 09876543", "09876543"),
    ("KvK 64536792", "64536792"),
)  # fmt: skip
