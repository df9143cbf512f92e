"""The ends of web addresses, as a pattern: countries, and the words that firms register."""

# Without those that end file names or stand for other things in our trade: sh, py, md, ps, cc, zip, so, do, as, id.
_COUNTRIES = """
    ac ad ae af ag ai al am ao ar at au aw az ba bb bd be bf bg bh bj bm bn bo br bs bt bw by bz ca cd cf cg ch ci cl cm
    cn co cr cu cv cw cy cz de dj dk dz ec ee eg es et eu fi fj fm fo fr ga gd ge gg gh gi gl gm gr gt hk hn hr ht hu ie
    il im in io iq ir is it je jm jo jp ke kg kh kr kw ky kz la lb lc li lk lt lu lv ly ma mc me mg mk ml mm mn mo mt mu
    mv mw mx my mz na ng ni nl no np nu nz om pa pe pf pg ph pk pl pm pn pr pt pw qa re ro rs ru rw sa sc sd se sg si sk
    sl sm sn sr st su sv sx sy sz tc tg th tj tl tm tn to tr tt tv tw tz ua ug uk us uy uz va ve vg vn vu ws ye yt za zm
    zw
    """
_GENERIC = """
    com net org info biz pro edu gov mil int name mobi tel jobs coop museum aero asia cat eus gal bzh cymru scot wales
    irish alsace corsica bayern berlin hamburg koeln cologne nrw ruhr saarland tirol wien swiss zuerich amsterdam frl
    brussels gent vlaanderen paris london barcelona madrid quebec nyc boston miami vegas istanbul moscow tokyo osaka
    sydney melbourne africa cloud tech dev app software systems solutions services consulting network digital agency
    company group gmbh ltd inc llc limited ventures capital partners expert experts technology computer hosting email
    online site website store shop blog page link click xyz top club team work works tools studio design media zone
    center international global world today live one life engineering institute academy training events support host
    example test invalid local lan internal intra intranet corp home localdomain arpa onion
    """

TLD = "|".join(sorted({*_COUNTRIES.split(), *_GENERIC.split()}, key=lambda end: (-len(end), end)))
