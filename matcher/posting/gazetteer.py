"""The places that postings name: countries, cities and peoples, each with its country as ISO alpha-2."""

COUNTRIES = """
AE: United Arab Emirates, UAE, Emirates
AR: Argentina
AT: Austria, Österreich, Autriche, Oostenrijk
AU: Australia, Australien, Australie
BE: Belgium, Belgien, Belgique, Bélgica, België
BG: Bulgaria, Bulgarien, Bulgarie
BR: Brazil, Brasilien, Brésil, Brasil
CA: Canada, Kanada
CD: Congo, DRC
CH: Switzerland, Schweiz, Suisse, Suiza, Zwitserland, Svizzera
CI: Ivory Coast, Côte d'Ivoire
CL: Chile
CN: China
CO: Colombia
CY: Cyprus, Zypern
CZ: Czech Republic, Czechia, Tschechien
DE: Germany, Deutschland, Allemagne, Alemania, Duitsland, Germania
DK: Denmark, Dänemark, Danemark, Dinamarca, Denemarken, Danmark
EC: Ecuador
EE: Estonia, Estland
EG: Egypt
ES: Spain, Spanien, Espagne, España, Spanje
ET: Ethiopia
FI: Finland, Finnland, Finlande, Suomi
FR: France, Frankreich, Francia, Frankrijk
GB: United Kingdom, UK, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Großbritannien,
    Royaume-Uni, Reino Unido
GH: Ghana
GR: Greece, Griechenland, Grèce, Grecia
HK: Hong Kong
HR: Croatia, Kroatien, Hrvatska
HU: Hungary, Ungarn, Hongrie, Hungría
ID: Indonesia
IE: Ireland, Irland, Irlande, Irlanda, Ierland
IL: Israel
IN: India, Indien, Inde
IS: Iceland, Island
IT: Italy, Italien, Italie, Italia, Italië
JP: Japan
KE: Kenya
KR: South Korea
LI: Liechtenstein
LT: Lithuania, Litauen, Lietuva
LU: Luxembourg, Luxemburg
LV: Latvia, Lettland
MA: Morocco, Maroc, Marruecos
MT: Malta
MX: Mexico, México
MY: Malaysia
NG: Nigeria
NL: Netherlands, The Netherlands, Holland, Niederlande, Niederlanden, Pays-Bas, Países Bajos, Nederland
NO: Norway, Norwegen, Norvège, Noruega, Noorwegen, Norge
NZ: New Zealand
PE: Peru, Perú
PH: Philippines
PK: Pakistan
PL: Poland, Polen, Pologne, Polonia, Polska
PT: Portugal
QA: Qatar
RO: Romania, Rumänien, Roumanie, Rumanía, România
RS: Serbia, Serbien
RW: Rwanda
SA: Saudi Arabia
SE: Sweden, Schweden, Suède, Suecia, Zweden, Sverige
SG: Singapore, Singapur
SI: Slovenia, Slowenien
SK: Slovakia, Slowakei
SN: Senegal, Sénégal
SS: South Sudan
TH: Thailand
TN: Tunisia, Tunisie
TR: Turkey, Türkei, Türkiye
TW: Taiwan
TZ: Tanzania
UA: Ukraine
UG: Uganda
US: United States, USA, U.S.A., United States of America
UY: Uruguay
VN: Vietnam
ZA: South Africa, Südafrika
"""
CITIES = """
AE: Dubai, Abu Dhabi
AR: Buenos Aires
AT: Vienna, Wien, Graz, Linz, Salzburg, Innsbruck, Klagenfurt, Wels, Steyr, Villach, Styria
AU: Sydney, Melbourne, Brisbane, Perth, Adelaide, Canberra
BE: Brussels, Brüssel, Bruxelles, Brussel, Antwerp, Antwerpen, Ghent, Gent, Liège, Leuven, Bruges, Charleroi, Namur,
    Geel
BG: Sofia, Plovdiv, Varna
BR: São Paulo, Sao Paulo, Rio de Janeiro, Curitiba, Recife, Porto Alegre, Belo Horizonte
CA: Toronto, Montreal, Montréal, Vancouver, Ottawa, Calgary, Quebec
CD: Goma, Kinshasa
CH: Zurich, Zürich, Geneva, Genf, Genève, Basel, Bern, Lausanne, Lugano, St. Gallen, Winterthur, Luzern, Lucerne, Zug,
    Chur
CI: Abidjan
CL: Santiago
CN: Shanghai, Beijing, Shenzhen
CO: Bogotá, Medellín
CZ: Prague, Prag, Praha, Brno, Ostrava, Plzeň
DE: Berlin, Hamburg, Munich, München, Cologne, Köln, Frankfurt, Stuttgart, Düsseldorf, Dortmund, Essen, Leipzig,
    Bremen, Dresden, Hannover, Hanover, Nuremberg, Nürnberg, Duisburg, Bochum, Wuppertal, Bielefeld, Bonn, Münster,
    Karlsruhe, Mannheim, Augsburg, Wiesbaden, Kiel, Lübeck, Rostock, Erfurt, Mainz, Kassel, Freiburg, Ulm, Chemnitz,
    Magdeburg, Regensburg, Ingolstadt, Würzburg, Wolfsburg, Heilbronn, Heidelberg, Darmstadt, Saarbrücken, Potsdam,
    Osnabrück, Oldenburg, Aachen, Braunschweig, Göttingen, Jena, Trier, Koblenz, Cuxhaven, Passau, Siegen, Paderborn,
    Hamm, Fulda, Bavaria, Bayern, Saxony, Sachsen, Hessen, NRW, Ruhr, Baden-Württemberg
DK: Copenhagen, Kopenhagen, København, Aarhus, Odense, Aalborg, Esbjerg
EC: Quito
EE: Tallinn, Tartu
EG: Cairo
ES: Madrid, Barcelona, Valencia, Sevilla, Seville, Zaragoza, Málaga, Malaga, Bilbao, Murcia, Alicante, Vigo,
    Valladolid, Palma, San Sebastián, Granada, A Coruña
ET: Addis Ababa
FI: Helsinki, Espoo, Tampere, Turku, Oulu, Vantaa, Jyväskylä
FR: Paris, Lyon, Marseille, Toulouse, Nantes, Lille, Strasbourg, Straßburg, Bordeaux, Montpellier, Rennes, Grenoble,
    Toulon, Dijon, Angers, Nîmes, Reims, Le Havre, Brest, Metz, Nancy, Clermont-Ferrand, Rouen, Mulhouse, Caen,
    Orléans, Sophia Antipolis
GB: London, Londres, Manchester, Birmingham, Leeds, Glasgow, Edinburgh, Liverpool, Bristol, Sheffield, Newcastle,
    Nottingham, Leicester, Cardiff, Belfast, Aberdeen, Southampton, Portsmouth, Cambridge, Oxford, Coventry, Hull,
    Bradford, York, Norwich, Plymouth, Swindon, Milton Keynes, Dundee, Inverness, Exeter, Swansea, Derby, Sunderland,
    Hereford, Kent, Cornwall, Ely, Croydon, Wolverhampton
GH: Accra
GR: Athens, Athen, Thessaloniki, Patras
HR: Zagreb, Split, Rijeka
HU: Budapest, Debrecen, Szeged, Győr
ID: Jakarta
IE: Dublin, Cork, Galway, Limerick, Waterford, Kinsale, Dundalk, Sligo
IL: Tel Aviv, Haifa, Jerusalem
IN: Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Hyderabad, Chennai, Pune, Kolkata, Ahmedabad, Noida, Gurgaon,
    Kochi
IS: Reykjavik, Reykjavík
IT: Rome, Rom, Roma, Milan, Mailand, Milano, Turin, Torino, Naples, Napoli, Bologna, Florence, Firenze, Venice,
    Verona, Genoa, Genova, Padua, Padova, Bari, Trieste, Palermo
JP: Tokyo, Osaka
KE: Nairobi, Mombasa
KR: Seoul
LI: Vaduz
LT: Vilnius, Kaunas
LU: Luxembourg City
LV: Riga
MA: Casablanca, Rabat
MT: Valletta
MX: Mexico City, Guadalajara, Monterrey
MY: Kuala Lumpur
NG: Lagos, Abuja
NL: Amsterdam, Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven, Groningen, Tilburg, Breda, Nijmegen, Arnhem,
    Zwolle, Maastricht, Delft, Almere, Haarlem
NO: Oslo, Bergen, Trondheim, Stavanger, Tromsø, Ulsteinvik, Kristiansand, Ålesund
NZ: Auckland, Wellington, Christchurch
PE: Lima
PH: Manila, Cebu
PK: Karachi, Lahore
PL: Warsaw, Warschau, Warszawa, Kraków, Krakow, Cracow, Wrocław, Wroclaw, Poznań, Poznan, Gdańsk, Gdansk, Gdynia,
    Łódź, Lodz, Katowice, Szczecin, Lublin
PT: Lisbon, Lissabon, Lisboa, Porto, Braga, Coimbra, Aveiro, Faro
QA: Doha
RO: Bucharest, Bukarest, București, Cluj, Cluj-Napoca, Timișoara, Timisoara, Iași, Brașov
RS: Belgrade, Belgrad, Novi Sad
RW: Kigali
SA: Riyadh, Jeddah
SE: Stockholm, Gothenburg, Göteborg, Malmö, Malmo, Uppsala, Linköping, Västerås, Örebro, Umeå, Luleå, Helsingborg,
    Sundsvall, Växjö
SI: Ljubljana, Maribor
SK: Bratislava, Košice
SN: Dakar
SS: Juba
TH: Bangkok
TN: Tunis
TR: Istanbul, Ankara, Izmir
TW: Taipei
UA: Kyiv, Kiev, Lviv, Kharkiv
UG: Kampala
US: New York, Los Angeles, Chicago, Houston, Dallas, Austin, Seattle, San Francisco, San Diego, San Jose, Boston,
    Atlanta, Miami, Denver, Phoenix, Philadelphia, Washington, Portland, Detroit, Minneapolis, Charlotte, Nashville,
    Tampa, Orlando, Pittsburgh, Cleveland, Columbus, Cincinnati, Kansas City, St. Louis, Salt Lake City, Las Vegas,
    Redmond, Texas, California, Florida, Ohio, Illinois, Michigan, Massachusetts, Virginia, Colorado, Minnesota,
    Wisconsin, Oregon, Arizona, North Carolina, New Jersey
UY: Montevideo
VN: Hanoi, Ho Chi Minh City
ZA: Johannesburg, Cape Town, Durban, Pretoria
"""
NATIONALITIES = """
AT: Austrian, österreichisch, autrichien
BE: Belgian, belgisch, belge
CH: Swiss, schweizer, suisse
CZ: Czech
DE: German, deutsch, allemand
DK: Danish, dänisch
ES: Spanish, spanisch, español, espagnol
FI: Finnish
FR: French, französisch, français
GB: British, English, Scottish, Welsh, britisch
GR: Greek
HU: Hungarian
IE: Irish
IN: Indian
IT: Italian, italienisch
LT: Lithuanian
LU: Luxembourgish
LV: Latvian
EE: Estonian
NL: Dutch, holländisch, nederlands
NO: Norwegian
PL: Polish, polnisch
PT: Portuguese
RO: Romanian
SE: Swedish, schwedisch
US: American
CA: Canadian
AU: Australian
BR: Brazilian
HR: Croatian
"""


def _table(rows: str) -> dict[str, str]:
    """Name to code; a line that starts with a space goes on with the country before."""
    lines = rows.strip().replace("\n    ", " ").splitlines()
    pairs = (line.split(":", 1) for line in lines)
    return {name.strip(): code for code, names in pairs for name in names.split(",")}


COUNTRY_CODES = _table(COUNTRIES)
CITY_CODES = _table(CITIES)
NATIONALITY_CODES = {people.casefold(): code for people, code in _table(NATIONALITIES).items()}
CODES = {**COUNTRY_CODES, **CITY_CODES}
PLACE_WORDS = frozenset(word.casefold() for name in CODES for word in name.split()) | frozenset(NATIONALITY_CODES)


def is_place_word(word: str) -> bool:
    """Say whether a word is part of the name of a place or a people."""
    return word.casefold() in PLACE_WORDS
