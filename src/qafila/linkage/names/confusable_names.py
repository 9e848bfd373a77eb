"""Frequent Moroccan names whose neighbours are other names, not other spellings of them."""

from functools import lru_cache

from qafila.linkage.names.name_words import NameWord, read_word
from qafila.linkage.names.transliteration import fold_text
from qafila.linkage.typing_errors import one_typing_error_apart

# Each word is one name; its spellings, in Arabic and Latin letters, are joined by a slash. A
# spelling that stands for two names is told twice, and is then held apart from neither.
_GIVEN = """
محمد/mohamed/mohammed/mohammad/mohamad/muhammad/mouhamed/mouhammed امحمد/mhamed/mhammed
محمود/mahmoud/mahmoude محند/mohand احمد/ahmed/ahmad/hmed/hmad حميد/hamid حامد/hamed
حماد/hammad/hamad/hmad حمدي/hamdi حمو/hammou ميمون/mimoun حمادي/hammadi حمدان/hamdane/hamdan
حسن/hassan/hassane/hasan/الحسن/elhassan/elhassane
حسين/الحسين/hussein/hossein/houssine/houcine/hocine/houssaine/houssein/hossain
لحسن/lahcen/lahsen/lahssen/lhassen/الحسن/elhassan/elhassane
محسن/mohcine/mohsine/mouhcine/mohssine/mouhssine احسان/ihsane/ihssane حسنيه/hassania
حسناء/hasnae/hasna/hasnaa حسيبه/hassiba احسين/hssain
عبدالله/abdellah/abdallah/abdella عبدالاله/abdelilah/abdelillah عبدالعالي/abdelali/abdelaali
عبدالرحمان/عبدالرحمن/abderrahmane/abderrahman عبدالرحيم/abderrahim ابراهيم/ibrahim/brahim
عبدالكريم/abdelkrim/abdelkarim عبدالحكيم/abdelhakim عبدالعظيم/abdeladim/abdeladhim
عبدالحميد/abdelhamid عبدالمجيد/abdelmajid/abdelmjid عبدالحق/abdelhak/abdelhaq
عبدالخالق/abdelkhalek/abdelkhaleq عبدالعزيز/abdelaziz عبدالعاطي/abdelaati/abdelati
عبدالواحد/abdelouahed/abdelwahed عبدالوهاب/abdelouahab/abdelwahab عبدالقادر/abdelkader/abdelqader
عبدالكبير/abdelkabir/abdelkebir/abdelkbir عبدالغني/abdelghani/abdelrhani عبدالنبي/abdennabi/abdenbi
عبدالسلام/abdeslam/abdessalam/abdesselam عبدالصمد/abdessamad عبدالجليل/abdeljalil
عبدالجبار/abdeljabbar عبدالجواد/abdeljaouad عبدالحفيظ/abdelhafid عبدالفتاح/abdelfattah
عبدالهادي/abdelhadi عبدالحي/abdelhay عبداللطيف/abdellatif عبدالمالك/عبدالملك/abdelmalek
عبدالغفور/abdelghafour عبدالرزاق/abderrazak/abderrazzak عبدالرفيع/abderrafie
عبدالمنعم/abdelmounim/abdelmounaim عبدالمولي/abdelmoula عبدالناصر/abdennacer/abdennasser
مولود/mouloud ميلود/miloud ميلوده/milouda سعيد/said سعد/saad سعاد/souad/soad/souhad سعيده/saida
سعديه/saadia مسعود/messaoud/massoud مسعوده/messaouda سعود/saoud كريم/karim/krim كرم/karam
اكرم/akram اكرام/ikram/ikrame كريمه/karima رحيم/rahim رحمه/rahma رحيمه/rahima رحال/rahal/rahhal
انس/anas/anass يونس/younes/youness/younous الياس/ilyas/ilyass/elias يوسف/youssef/yousef/yusef
هدي/houda/huda حاده/hadda هاديه/hadia هادي/hadi هند/hind الهام/ilham/elham/ilhame
احلام/ahlam/ahlame عمر/omar/aomar/amor/amar عمرو/amr/amrou عمار/ammar/amar عامر/amer
عمران/imrane/imran
علي/ali علاء/alae/alaa علال/allal عاليه/alia عليه/alia خالد/khalid/khaled خليل/khalil
وليد/walid/oualid
خالده/khalida خديجه/khadija/khadeja خدوج/khaddouj/khadouj/khdouj جمال/jamal/djamal
جميل/jamil جليل/jalil جلال/jalal كمال/kamal جميله/jamila جليله/jalila جمعه/joumaa نبيل/nabil
كامل/kamel امين/amine/amin
ايمن/aymane/aymen/ayman ايمان/imane/iman امينه/amina/aminah مينه/mina امنه/amna يامنه/يمنه/yamna
يمينه/yamina ياسمينه/yasmina ياسمين/yasmine امينا/amina يمني/youmna امل/امال/amal/amale/amel
اقبال/ikbal/iqbal منال/manal مني/mouna/mona شيماء/chaimae/chaimaa شامه/chama شعيب/chouaib
ابتسام/ibtissam/ibtissame ناديه/nadia ندي/nada نادر/nader نادره/nadira نذير/nadir نعيمه/naima
نوال/naoual/nawal نورا/نوره/نوري/noura/nora نعيم/naim نائل/nael سلمي/salma/selma سلوي/saloua/salwa
سناء/sanae/sanaa سميه/soumia/soumaya سليم/salim سالم/salem سليمه/salima سلام/salam سالمه/salma
سلامه/salama سميحه/samiha سميره/samira ساميه/samia سمير/samir سامي/sami سهام/siham/sihame
سكينه/soukaina/sokaina/sakina سارة/sara زهره/زهرا/zahra/zohra زهور/zhour زهير/zouhair/zouheir
زهيره/zhira زينب/zineb/zainab/zaynab زكيه/zakia زكرياء/زكريا/zakaria/zakariae زاهيه/zahia
زهراء/zahra/zohra منير/mounir منار/manar منيره/mounira مونيا/مونيه/mounia منصف/moncef
مصطفي/mustapha/mostafa رشيد/rachid راشد/rached رشاد/rachad رشيده/rachida
رقيه/rkia/rokia/roukia/roukaya/rqia رضي/رضا/reda/rida ربيعه/rabia رابحه/rabha ربيع/rabie رابح/rabah
راضيه/radia رحمانيه/rahmania رجاء/rajae/rajaa نبيه/nabih نبيله/nabila نجيب/najib نجيبه/najiba
نجاة/نجات/najat/nejat ناجيه/najia هشام/hicham هاشم/hachem/hachim حسام/houssam عصام/issam
اسماعيل/ismail/smail عصماء/asmae/asma اسماء/asmae/asma/asmaa وفاء/wafae/wafaa/ouafae
صفاء/safae/safaa صفيه/safia سفيان/soufiane سفيانه/soufiana فاطمه/fatima/fatma فطنه/فاطنه/fatna
فاضمه/فضمه/fadma/fatma فتيحه/fatiha فتحيه/fathia فاتحه/fatiha فضيله/fadila فريده/farida فريد/farid
فوزيه/fouzia فوزي/fouzi فواد/fouad فتحي/fathi فتاح/fettah حليمه/halima حكيمه/hakima حكيم/hakim
حليم/halim حميده/hamida حفيظه/hafida حفيظ/hafid حبيب/habib حبيبه/habiba حياه/حياة/hayat
حنان/hanane/hanan حسنه/hasna حمزه/hamza حيات/hayat لطيفه/latifa لطيف/latif لبني/loubna
ليلي/leila/laila لمياء/lamia/lamiae مالك/malek/malik مليكه/malika ملك/malak
مريم/meryem/mariam/meriem/maryam ماريه/مريه/maria ماجده/majda مجيد/majid ماجد/majed مجيده/majida
ثريا/touria/thouria/soraya/thoraya توفيق/toufik/taoufik/taoufiq طارق/tarik/tarek طه/taha
عادل/adil/adel عدنان/adnane/adnan عائشه/aicha/aisha عزيزه/aziza عزيز/aziz عزه/azza عواطف/aouatif
بديعه/badia بهيجه/bahija بشري/bouchra بشير/bachir بوشتي/bouchta بوشعيب/bouchaib ادريس/idriss/driss
ادر/idir يدير/idir/yidir يحيي/yahya/yahia ياسر/yasser ياسين/yassine/yassin يزيد/yazid العربي/larbi
ربيحه/rbiha غزلان/ghizlane غيثه/ghita/rhita قدور/kaddour/gaddour قاسم/kacem/gacem
كلثوم/keltoum/kaltoum كوثر/kaoutar كنزه/kenza جواد/jaouad/jawad جيلالي/jilali جنات/jannat
شريف/charif/cherif شريفه/charifa/cherifa شكيب/chakib صالح/salah/saleh صلاح/salah/salahe صالحه/salha
صباح/sabah طاهر/tahar/taher طيب/tayeb/taib عياد/ayad عياشي/ayachi عيسي/aissa/issa وسيم/wassim
وسيمه/wassima موسي/moussa مهدي/mehdi مراد/mourad مروان/marouane مروه/marwa/maroua
مبارك/mbarek/mbark مباركه/mbarka معطي/maati نزهه/nezha/nouzha نعمان/noaman هاجر/hajar ايوب/ayoub
وداد/widad/ouidad سلاف/soulaf سلمان/salmane/salman سليمان/slimane/soulaimane ايطو/itto
تودا/تودة/touda عدجو/addjou فاضل/fadel فيصل/faical/faissal بلال/bilal بلعيد/belaid ايه/اية/aya/ayah
اسيه/آسية/asia/assia ادم/adam انور/anouar/anwar اسامه/oussama/osama/ossama امير/amir اميره/amira
انيسه/anissa انيس/anis اشرف/achraf/ashraf ايزه/يزه/izza/yezza ايشو/ichou انير/anir
اكسيل/aksil/aksel/axel باديس/badis بدر/badr/badre بهيه/bahia بوجمعه/boujemaa/boujamaa باسو/basso
تاسليت/taslit تامو/tamou/tammou تيزيري/tiziri تيفاوين/tifaouine/tifawin تيليلا/tilila
تهامي/thami/touhami جعفر/jaafar جيهان/jihane/jihan حاتم/hatem/hatim حدو/haddou حوريه/houria
حمد/hamad حنين/hanine حليمة/halima خوله/khaoula/khawla خيره/khira/kheira دنيا/dounia/donia
دينا/dina ديهيا/dihya داود/daoud رضوان/redouane/radouane/ridouane/redwane ريان/rayane/rayan ريم/rim
ريما/rima رشدي/rochdi رفيق/rafik رابعه/rabaa زبيده/zoubida زليخه/zoulikha/zolikha زيان/ziane
زيد/zaid زياد/ziad سحر/sahar سمر/samar سهيله/souhaila سهيل/souhail سيفاو/sifaw/sifaou
سعديه/essaadia شهيد/chahid شهره/chahra شكري/choukri صديق/seddik/saddik صابر/saber صبري/sabri
طامو/tamou/tammou عبدالباقي/abdelbaki/abdelbaqi عبدالباسط/abdelbasset/abdelbassit
عبدالصادق/abdessadek/abdessadeq عبدالغفار/abdelghaffar عبدالحليم/abdelhalim عبدالرووف/abderraouf
عبدو/abdou عبوش/abbouch عتيقه/atika عثمان/othmane/otmane/outmane/othman عفاف/afaf عفيفه/afifa
عماد/imad عيده/aida غالي/ghali غاليه/ghalia فدوي/fadwa/fadoua فرح/farah/farrah فرحات/farhat
فطومه/fatouma/fettouma فارس/fares فايزه/faiza فوزيه/faouzia/fouzia فهد/fahd كبير/kebir/kbir/lekbir
كلثومه/keltouma لطفي/lotfi/loutfi لينا/lina مها/maha ملاك/malak/malek موحا/موحي/moha ماسين/massine
معاذ/mouad/moad محجوبه/mahjouba محجوب/mahjoub مختار/mokhtar ميمونه/mimouna معصومه/maasouma
نهيله/nouhaila/nohaila نسرين/nisrine/nesrine نسيم/nassim نسيمه/nassima نور/nour نجوي/najoua/najwa
نادين/nadine نهي/noha نوفل/noufel/naoufal/nawfal ناصر/nacer/nasser نصيره/nassira نوري/nouri
هناء/hanae/hanaa هبه/hiba هيثم/haitham/haytham هنيه/hania/hnia هارون/haroun ويام/wiam/ouiam
وئام/wiam/ouiam ورديه/ouardia/wardia يسري/yousra يسر/yousr يزه/yezza اسحاق/ishaq/ishak/isaac
عيشه/aicha عائشه/عايشه/aicha/aisha وهيبه/wahiba/ouahiba وهيب/wahib/ouahib وحيد/wahid/ouahid
وحيده/wahida/ouahida ودود/ouadoud رحيل/rahil محيالدين/mohieddine نورالدين/noureddine/nourdine
عزالدين/azzeddine/ezzeddine صلاحالدين/salaheddine جمالالدين/jamaleddine سعدالدين/saadeddine
بدرالدين/badreddine علاءالدين/alaeddine شرفالدين/charafeddine شمسالدين/chamseddine
فخرالدين/fakhreddine محيالدين/mouhieddine فاطمهزهراء/fatimazahra كوثر/kaoutar/kaouthar/kawtar
كوكب/kaoukab
"""
_FAMILY = """
عباسي/abbassi/abbasi عبادي/abbadi علوي/alaoui/alawi علمي/alami عليوي/alioui عمراني/amrani
عمراوي/amraoui مراني/marrani عمري/omari/amri علالي/allali بناني/bennani بنيس/bennis بنونه/bennouna
بنعلي/benali بنعمر/benomar/benamar بنعيسي/benaissa بنموسي/benmoussa بنسعيد/bensaid بنصالح/bensalah
بوعزه/bouazza بوعزاوي/bouazzaoui بوزيان/bouziane بوزيدي/bouzidi بوزيد/bouzid فاسي/fassi
فيلالي/filali هلالي/hilali هاشمي/hachimi حكيمي/hakimi حكماوي/hakmaoui حمداوي/hamdaoui
حميداوي/hamidaoui حمدوني/hamdouni حموشي/hammouchi حداوي/haddaoui حدادي/haddadi حداد/haddad
ادريسي/idrissi قادري/kadiri/qadiri قدوري/kaddouri/qaddouri كديري/gdiri خطابي/khattabi خطيب/khatib
خطيبي/khatibi لحلو/lahlou لحرش/lahrech مرابط/mrabet مرابطي/mrabti منصوري/mansouri
مسعودي/massoudi/messaoudi ناصري/naciri/nassiri نصيري/nassiri/naciri نجار/najjar رحماني/rahmani
رحموني/rahmouni رحيمي/rahimi رامي/rami ريفي/rifi زروالي/zerouali/zeroual زروال/zeroual/zerouali
سليماني/slimani سلامي/soulami/sellami/soullami سوسي/soussi/susi ساسي/sassi سالمي/salmi سلاوي/slaoui
سباعي/sbai سعدي/saadi سعيدي/saidi سعداوي/saadaoui سعودي/saoudi شرقاوي/cherkaoui شرايبي/chraibi
طاهري/tahiri/taheri تازي/tazi طلحاوي/talhaoui تونسي/tounsi توزاني/touzani وزاني/ouazzani
جبلي/jebli/jabli جابري/jabri جباري/jebbari يعقوبي/yaakoubi/yacoubi ايوبي/ayoubi
كتاني/kettani/kattani كتامي/ketami مريني/mrini مرنيسي/mernissi برنوصي/bernoussi بقالي/bakkali
بكالي/bakkali بكري/bakri بركه/baraka براده/berrada برشيد/berrechid غماري/ghomari غازي/ghazi
غزواني/ghazouani غزالي/ghazali خالدي/khaldi خليفي/khalifi خلفي/khalfi لعروسي/laaroussi جعيدي/jaidi
جعفري/jaafari قاسمي/kasmi/kassimi كرومي/karoumi كريمي/karimi كرامي/karami نوري/nouri ناجي/naji
نجاري/najjari حسني/hassani/hasni حسيني/houssaini/hossaini/husseini حساني/hassani حسناوي/hasnaoui
محمدي/mohammadi/mohamadi محمودي/mahmoudi حميدي/hamidi حمادي/hammadi احمدي/ahmadi مالكي/malki/maliki
معروفي/maaroufi موساوي/moussaoui عيساوي/issaoui/aissaoui يوسفي/youssoufi/youssefi
يونسي/younsi/younoussi والي/ouali/louali/wali اوعلي/ouali اوعلال/ouallal افيلال/afilal
زيداني/zidani زياني/ziani عدناني/adnani عبدلاوي/abdellaoui عبيدي/abidi عزوزي/azzouzi عزيزي/azizi
عزمي/azmi عثماني/othmani/otmani اطلسي/atlasi/atlassi شفيق/chafik شافعي/chafai شامي/chami
شاوي/chaoui شاكر/chaker شكوري/chekkouri/choukri/chakouri جزولي/jazouli جمالي/jamali جيلالي/jilali
دكالي/doukkali دباغ/debbagh دبي/debbi راجي/raji رايس/rais رويسي/rouissi صافي/safi صمدي/samadi
صقلي/سقلي/skalli/sqalli/squalli/sakalli طالبي/talbi ظريف/drif/darif عاشور/achour/aachour
عراقي/iraqi/laraqi/laraki حراق/harrak حرار/harrar غرناطي/gharnati فكيكي/fguigui فكري/fikri
كاملي/kamili مختاري/mokhtari مراكشي/marrakchi مكاوي/mekkaoui مكوار/mekouar متوكل/moutaouakil
مدني/madani مزيان/meziane امزيان/amziane نظيفي/nadifi ورياغلي/ouariaghli وهبي/ouahbi/wahbi
وهابي/ouahabi/wahabi يزيدي/yazidi زعيم/zaim زموري/zemmouri سملالي/semlali لكحل/lakhal/lekhal
لغزاوي/laghzaoui/lerhzaoui بكاري/bakkari انصاري/ansari/lansari قصري/kasri بصري/basri
جسوس/jessous/gessous كسوس/guessous/gessous/gassous مزور/mezouar منوني/mennouni كنوني/guennouni
كنون/guennoun/kanoun حجي/hajji/haji سويسي/souissi انجار/anejar/anajar وكيلي/oukili قرشي/korchi
كرامي/guerrami عماري/ammari تطواني/tetouani عطواني/atouani شقور/chakour/chaqour شرادي/cherradi
امناي/amnay عصيد/assid لزرق/lazrak
"""
_FAMILIAR = """
خديجه/خدوج فاطمه/فاضمه فاطمه/فطومه عائشه/عيشه عائشه/ايشو حسين/احسين كلثوم/كلثومه محمد/موحا
"""
# A name and its familiar form: often one person, and sometimes a sister; so never "two names".
_FEWEST_LETTERS = 4
"""In a shorter name, one letter wrong makes it another name."""


def _names() -> dict[str, frozenset[str]]:
    """Which names a spelling may stand for, by folded text; Latin ones by their sound as well."""
    found: dict[str, set[str]] = {}
    for meaning, spelling in _spellings():
        for key in _told(read_word(spelling)):
            found.setdefault(key, set()).add(meaning)
    return {key: frozenset(names) for key, names in found.items()}


def _spellings() -> list[tuple[str, str]]:
    """Every name with each of its folded spellings; a given name may also be a family name."""
    return [
        (f"{kind} {name.split('/')[0]}", fold_text(spelling))
        for kind, lines in (("given", _GIVEN), ("family", _FAMILY))
        for name in lines.split()
        for spelling in name.split("/")
    ]


def _told(word: NameWord) -> list[str]:
    """Where the table holds a spelling: with its article when it is told with one."""
    text = ("+" if word.article else "") + word.text
    return [text] if word.arabic or word.article else [text, word.sound]


def _asked(word: NameWord) -> list[str]:
    """Where a word is looked up, the most exact place first."""
    article = ["+" + word.text] if word.article else []
    return [*article, word.text, *([] if word.arabic else [word.sound])]


_NAMES = _names()
_FAMILIAR_PAIRS = {
    frozenset(f"given {name}" for name in pair.split("/")) for pair in _FAMILIAR.split()
}
_WRITTEN: dict[str, set[str]] = {}
for _meaning, _spelling in _spellings():
    _WRITTEN.setdefault(_meaning, set()).add(read_word(_spelling).text)


@lru_cache(maxsize=100_000)
def _meanings(word: NameWord) -> frozenset[str]:
    return next((_NAMES[key] for key in _asked(word) if key in _NAMES), frozenset())


def known_apart(left: NameWord, right: NameWord) -> bool:
    """Whether two words are known spellings of two different names, of which none is both.

    A name and its familiar form are not held apart.
    """
    names, others = _meanings(left), _meanings(right)
    apart = bool(names) and bool(others) and names.isdisjoint(others)
    return apart and not familiar_form(left, right)


def familiar_form(left: NameWord, right: NameWord) -> bool:
    """Whether one word is the familiar form of the other: Khaddouj of Khadija."""
    names, others = _meanings(left), _meanings(right)
    return any(frozenset((one, two)) in _FAMILIAR_PAIRS for one in names for two in others)


def known_same(left: NameWord, right: NameWord) -> bool:
    """Whether two words are known spellings of one name."""
    return not _meanings(left).isdisjoint(_meanings(right))


def mistyped_known(left: NameWord, right: NameWord) -> bool:
    """Whether one word is written as no known name and one typing error from the other's spellings.

    AMINH is one error from Aminah, though it is read as Amine.
    """
    return _mistyped(left, right) or _mistyped(right, left)


def _mistyped(unknown: NameWord, known: NameWord) -> bool:
    if unknown.text in _NAMES or len(unknown.text) < _FEWEST_LETTERS:
        return False
    spellings = {known.text, *(one for name in _meanings(known) for one in _WRITTEN[name])}
    return any(one_typing_error_apart(one, unknown.text) for one in spellings)


def one_error_from_known(left: NameWord, right: NameWord) -> bool:
    """Whether one word is a known name and the other none, but one typing error from its spelling.

    The spellings are those in the unknown word's script: ANCHA is one error from عائشة (Aicha).
    """
    names, others = _meanings(left), _meanings(right)
    if bool(names) == bool(others):
        return False
    unknown = right if names else left
    return any(
        len(spelling) >= _FEWEST_LETTERS and one_typing_error_apart(spelling, unknown.text)
        for name in names or others
        for spelling in _WRITTEN[name]
    )
