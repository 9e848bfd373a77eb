"""Moroccan names with the spellings clerks use: Arabic, then Latin ones, the usual first.

Written for this project. Each line of a table is `arabic[/arabic…] latin[/latin…]`; spaces inside a
name are written as underscores.
"""

from dataclasses import dataclass
from hashlib import blake2b

_MEN = """
محمد Mohamed/Mohammed/Mouhamed/Med/Mohammad
أحمد/احمد Ahmed/Ahmad
حسن Hassan/Hassane/Hasan
الحسين/حسين Lhoussaine/El_Houssine/Houcine/Hussein
لحسن Lahcen/Lahsen/Lahssen
إبراهيم/ابراهيم Brahim/Ibrahim
إدريس/ادريس Driss/Idriss
مصطفى/مصطفي Mustapha/Mostafa/Mustafa
عمر Omar/Aomar/Amar
علي Ali
يوسف Youssef/Yousef/Youcef
خالد Khalid/Khaled
رشيد Rachid
كريم Karim
سعيد Said/Saïd
جمال Jamal/Djamal
حميد Hamid
مولود Mouloud
العربي Larbi/El_Arbi/Laarbi
بوشعيب Bouchaib/Bouchaïb
المختار/مختار Mokhtar/El_Mokhtar
التهامي Thami/Touhami
الجيلالي/جيلالي Jilali/Djilali
ميلود Miloud
بوجمعة Boujemaa/Boujamaa
محند Mohand
حماد Hammad/Hamad
بلعيد Belaid/Belaïd
عياد Ayad/Ayyad
حدو Haddou
موحا Moha
باسو Basso
يدير Idir/Yidir
أنير Anir
أمناي Amnay
أكسيل Aksil/Axel
ماسين Massine/Massin
سيفاو Sifaw/Sifaou
عبد الله/عبدالله Abdellah/Abdallah
عبد_الرحمان/عبد_الرحمن Abderrahmane/Abderahman
عبد_الكريم/عبدالكريم Abdelkrim/Abdelkarim
عبد_العزيز/عبدالعزيز Abdelaziz/Abd_El_Aziz/Abdelaaziz
عبد_القادر Abdelkader/Abdelqader
عبد_الحق Abdelhak/Abdelhaq
عبد_اللطيف Abdellatif/Abdelatif
عبد_السلام Abdeslam/Abdessalam/Abdesselam
عبد_المجيد Abdelmajid/Abdelmjid
عبد_الغني Abdelghani/Abdelrhani
عبد_الرزاق Abderrazzak/Abderrazak
عبد_الواحد Abdelouahed/Abdelwahed
عبد_الهادي Abdelhadi/Abdelhady
عبد_الصمد Abdessamad/Abdelsamad
عبد_الرحيم Abderrahim/Abderahim
عبد_المالك Abdelmalek/Abdelmalik
عبد_الإله/عبد_الاله Abdelilah/Abdelillah
عبد_الجليل Abdeljalil/Abdjalil
عبد_النبي Abdennabi/Abdenbi
عبد_الفتاح Abdelfattah/Abdelfatah
نور_الدين/نورالدين Noureddine/Nour_Eddine/Nourdine
عز_الدين Azzeddine/Azeddine/Azz_Eddine
صلاح_الدين Salaheddine/Salah_Eddine
جمال_الدين Jamaleddine/Jamal_Eddine
محيي_الدين Mohieddine/Mouhieddine
حمزة Hamza
أيوب Ayoub/Ayoube
أنس Anas/Anass
إلياس/الياس Ilyas/Ilias/Ilyass
ياسين Yassine/Yassin
زكرياء/زكريا Zakaria/Zakariae
مهدي/المهدي Mehdi/El_Mehdi/Mahdi
سفيان Soufiane/Sofiane/Soufyane
عثمان Othmane/Otmane/Outmane
بلال Bilal
طارق Tarik/Tariq
هشام Hicham/Hichame
فؤاد Fouad
جواد Jaouad/Jawad
مراد Mourad/Morad
عادل Adil/Adel
منير Mounir/Monir
سمير Samir
نبيل Nabil
وليد Walid/Oualid
أمين/امين Amine/Amin
محسن Mohcine/Mohsine/Mouhcine
رضوان Redouane/Radouane/Redwane
عماد Imad
أشرف Achraf/Ashraf
مروان Marouane/Marwane
بدر Badr/Badre
ربيع Rabie/Rabii
طه Taha
عيسى Aissa/Aïssa
موسى Moussa
يحيى Yahya/Yahia
سليمان Slimane/Soulaimane
داود Daoud/Dawoud
إسماعيل/اسماعيل Ismail/Smail
إسحاق Ishaq/Ishak
يونس Younes/Youness
أسامة/اسامة Oussama/Ossama
شفيق Chafik/Chafiq
لطفي Lotfi/Loutfi
فريد Farid
عزيز Aziz
حكيم Hakim
قاسم Kacem/Kassem
الطاهر/طاهر Tahar/Taher
المعطي Maati/El_Maati
الكبير Lekbir/El_Kebir
الصديق Seddik/Saddik
"""

_WOMEN = """
فاطمة/فاطمه Fatima/Fatma/Fatna
فاطمة_الزهراء Fatima_Zahra/Fatimazahra/Fatima_Ezzahra/Fz
خديجة/خديجه Khadija/Khadeja
عائشة/عائشه Aicha/Aïcha/Aisha
مريم Mariam/Meryem/Maryam
زينب Zineb/Zaynab/Zeineb
أمينة/امينة Amina/Aminah
نادية Nadia
سعاد Souad/Soad
رشيدة Rachida
كريمة Karima
حفيظة Hafida
لطيفة Latifa
نعيمة Naima/Naïma
جميلة Jamila
حليمة Halima
رقية Rkia/Roukaya/Rqia
يمنة/يمنه Yamna/Yamena
زهرة Zahra/Zohra
السعدية Saadia/Essaadia
مليكة Malika
فتيحة Fatiha
بهيجة Bahija
خدوج Khaddouj/Kheddouj
تودة Touda
إيطو/ايطو Itto/Ittou
رحمة Rahma
فاضمة/فاظمة Fadma
عبوش Abbouch
هنية Hnia/Hania
عزيزة Aziza
سميرة Samira
نجاة Najat/Najate
حنان Hanane/Hanan
إيمان/ايمان Imane/Iman
أسماء/اسماء Asmae/Asma/Asmaa
هند Hind
سناء Sanae/Sanaa
وفاء Wafae/Ouafae/Wafaa
لمياء Lamiae/Lamia/Lamyae
شيماء Chaimae/Chaymae
غزلان Ghizlane/Ghizlène
ابتسام Ibtissam/Btissam
كوثر Kaoutar/Kaouthar/Kawtar
سكينة Soukaina/Sakina
صفاء Safae/Safaa
حسناء Hasnae/Hasna
دنيا Dounia/Donia
ليلى/ليلي Leila/Laila
سلمى/سلمي Salma
منى/مني Mouna/Mona
ندى/ندي Nada
هدى/هدي Houda/Huda
بشرى/بشري Bouchra/Bochra
سلوى Saloua/Salwa
نوال Naoual/Nawal
أمل/امل Amal/Amale
إلهام/الهام Ilham/Elham
إكرام Ikram/Ikrame
أحلام Ahlam
سهام Siham/Sihame
رجاء Rajae/Rajaa
هاجر Hajar/Hajare
آية/اية Aya/Ayah
ملاك Malak
نسرين Nisrine/Nesrine
ياسمين Yasmine/Jasmine
حياة Hayat/Hayate
ثريا Touria/Thouria/Soraya
زليخة Zoulikha/Zolikha
مباركة Mbarka/Embarka
يزة Izza/Yezza
تامو Tamou
تاسليت Taslit
ديهيا Dihya/Dihia
تيليلا Tilila
زبيدة Zoubida
راضية Radia
وردية Ouardia/Wardia
صباح Sabah
جيهان Jihane/Jihan
مونية Mounia/Monia
نزهة Nezha/Nozha
حورية Houria
محجوبة Mahjouba
شامة Chama
طامو Tammou
حادة Hadda
عتيقة Atika/Atiqa
بديعة Badia/Badiaa
خيرة Khira/Kheira
جليلة Jalila
عفاف Afaf
فوزية Fouzia/Faouzia
"""

_FAMILIES = """
العلوي Alaoui/El_Alaoui
الإدريسي/الادريسي El_Idrissi/Idrissi
العمراني El_Amrani/Amrani/Lamrani
بناني Bennani/Benani
بنجلون Benjelloun/Ben_Jelloun
بنكيران/بن_كيران Benkirane/Ben_Kirane
برادة Berrada/Barrada
التازي Tazi/Ettazi
الفاسي El_Fassi/Fassi
السقلي Sqalli/Skalli
العراقي Laraki/El_Iraqi
الشرايبي Chraibi/Chraïbi
المريني Lamrini/El_Mrini
الوزاني Ouazzani/El_Ouazzani
التطواني Tetouani/Ettetouani
الريسوني Raissouni/Erraissouni
الخطابي El_Khattabi/Khattabi
الخطيب El_Khatib/Khatib
الحجوي El_Hajoui/Hajoui
الزموري Zemmouri/Ezzemmouri
الدكالي Doukkali/Eddoukali
الشاوي Chaoui/Echaoui
الرحماني Rahmani/Errahmani
السرغيني Serghini/Esserghini
الورياغلي El_Ouariaghli/Ouariaghli
الحسني El_Hassani/Hassani
القادري El_Kadiri/Kadiri
الكتاني Kettani/El_Kettani
الصقلي Sakalli/Saqalli
الجابري El_Jabri/Jabri
الناصري Naciri/Ennaciri/Nassiri
الأنصاري El_Ansari/Lansari
المنصوري El_Mansouri/Mansouri
السعدي Saadi/Essaadi
المالكي El_Malki/Malki
البكاري El_Bakkari/Bakkari
اليعقوبي El_Yaakoubi/Yacoubi
الأيوبي El_Ayoubi/Ayoubi
الزياني Ziani/Ezziani
الوطاسي El_Ouattassi/Ouattassi
البوعزاوي El_Bouazzaoui/Bouazzaoui
الطاهري Tahiri/Ettahiri
البقالي El_Bakkali/Bakkali
الهاشمي El_Hachimi/Hachimi
القرشي El_Korchi/Korchi
الغازي El_Ghazi/Ghazi
الحداد El_Haddad/Haddad
النجار Najjar/Ennajjar
الخياط El_Khayat/Khayat
الدباغ Debbagh/Eddebbagh
الصباغ Sebbagh/Essebbagh
العطار El_Attar/Attar
الحلو Lahlou/El_Helou
لحلو Lahlou/Lehlou
لزرق Lazrak/Lazraq
لكحل Lakhal/Lekhal
لبيض Labied/Labiad
الأحمر Lahmar/El_Ahmar
بنعلي/بن_علي Benali/Ben_Ali
بنعمر/بن_عمر Benomar/Ben_Omar
بنسعيد/بن_سعيد Bensaid/Ben_Said
بنموسى/بن_موسى Benmoussa/Ben_Moussa
بنحمو Benhammou/Ben_Hammou
بنيس Bennis/Benis
بنشقرون Benchekroun/Ben_Chekroun
بنزكري Benzekri/Ben_Zekri
بنعيسى/بن_عيسى Benaissa/Ben_Aissa
بنعبد_الله/بنعبدالله Benabdellah/Ben_Abdellah
بلحاج Belhaj/Belhadj
بلغيتي Belghiti/El_Belghiti
بلقاسم Belkacem/Belqacem
بوعزة Bouazza/Bou_Azza
بوستة Boucetta/Bousta
بوطالب Boutaleb/Bou_Taleb
بوزيان Bouziane/Bouzian
بوهلال Bouhlal/Bouhelal
بوشتى Bouchta
بوحميدي Bouhmidi/Bouhamidi
بوخريص Boukhriss/Boukhris
أيت_علي/ايت_علي Ait_Ali/Aït_Ali
أيت_موسى/ايت_موسى Ait_Moussa/Aït_Moussa
أيت_حمو/ايت_حمو Ait_Hammou/Aït_Hammou
أيت_الحاج/ايت_الحاج Ait_El_Haj/Aït_El_Haj
أيت_باها Ait_Baha/Aït_Baha
أيت_أوفقير Ait_Oufkir/Aït_Oufkir
أيت_لحسن Ait_Lahcen/Aït_Lahcen
أيت_سعيد Ait_Said/Aït_Said
أيت_براهيم Ait_Brahim/Aït_Brahim
أيت_يدر Ait_Idder/Aït_Yidir
أيت_الطالب Ait_Taleb/Aït_Taleb
أيت_منصور Ait_Mansour/Aït_Mansour
أوحدو Ouhaddou/Ouhdou
أوعلي Ouali/Ou_Ali
أوبلا Oubella/Oubela
أوموسى Oumoussa/Ou_Moussa
أوشن Ouchen/Ouchene
أزنكوط Aznkod/Azenkoud
أكنسوس Aguensous/Akensous
أفيلال/افيلال Afilal
أمزيان/امزيان Amziane/Ameziane
أقشار Akchar/Aqchar
أيكن Aiken/Ayguen
إيكيدر Iguider/Ikider
أنجار Anejar/Anajar
تابت Tabet/Thabet
تمسماني Temsamani/Tamsamani
الشعبي Chaabi/Echaabi
الراجي Raji/Erraji
الرايس Rais/Errais
السملالي Semlali/Essemlali
السوسي Soussi/Essoussi
الشريف Cherif/Echerif
الشكوري Choukri/Chakouri
الصالحي Salhi/Essalhi
الضاوي Daoui/Eddaoui
الطويل Touil/Ettouil
الظريف Drif/Eddrif
العثماني El_Othmani/Otmani
العدلاني El_Adlani/Adlani
العروسي Laroussi/El_Aroussi
العسري El_Asri/Lasri
العطواني El_Atouani/Atouani
العماري Ammari/El_Ammari
العوفي El_Oufi/Aoufi
العياشي Layachi/El_Ayachi
الغزواني El_Ghazouani/Ghazouani
الفيلالي Filali/El_Filali
القاسمي El_Kasmi/Kasmi
القباج Kabbaj/El_Kabbaj
القصري Kasri/El_Kasri
القيسي El_Kaissi/Kaissi
الكرامي El_Guerrami/Guerrami
الكنوني Guennouni/El_Guennouni
اللعبي Laabi/Ellaabi
المجدوب El_Mejdoub/Mejdoub
المراكشي Marrakchi/El_Marrakchi
المرابط El_Mrabet/Mrabet/Lamrabet
المسعودي Messaoudi/El_Messaoudi
المكناسي Meknassi/El_Meknassi
المنوني El_Mennouni/Mennouni
المودن El_Moudden/Moudden
النقاش Nakkach/Ennakkach
النوري Nouri/Ennouri
الهواري Houari/El_Houari
الوكيلي El_Oukili/Oukili
الوهابي El_Ouahabi/Ouahabi
الوردي El_Ouardi/Ouardi
اليوسفي El_Youssoufi/Youssoufi
اليزيدي El_Yazidi/Yazidi
حجي Hajji/Haji
حركات Harakat
حمداوي Hamdaoui/Hamdawi
خلوق Khallouk/Khalouk
خيري Khairi/Khayri
دحان Dahane/Dahhan
رياض Riad/Riyad
زروال Zeroual/Zerwal
زهير Zouhair/Zouheir
زويتن Zouiten/Zwiten
سبتي Sebti
سليماني Slimani/Soulaimani
شاكر Chaker/Shaker
شباط Chabat/Chabbat
شقور Chakour/Chaqour
صبري Sabri
صفريوي Sefrioui/Sefriwi
طوبي Toubi
عاشور Achour/Aachour
عبابو Ababou
عصيد Assid
عنان Anane/Annan
غلاب Ghallab/Rhallab
غنام Ghannam/Ghanam
فرحات Farhat
فكري Fikri/Fekri
قنديل Kandil/Qandil
كسوس Guessous/Gassous
كنون Guennoun/Kanoun
لغزاوي Laghzaoui/Lerhzaoui
مكوار Mekouar/Mekwar
ملين Mouline/Moulin
مرنيسي Mernissi/El_Mernissi
نجمي Nejmi/Najmi
ناجي Naji
هرماش Hermach/Harmach
وهبي Ouahbi/Wahbi
وزاني Wazzani/Ouazani
ياسر Yasser/Yassir
زعيم Zaim/Zaïm
زكي Zaki/Zakki
حنصالي Hansali
حرار Harrar
مزور Mezouar/Mezwar
مفتاح Meftah/Miftah
جسوس Jessous/Gessous
قبلي Kabli/Qabli
فضلي Fadli
فلاح Fellah/Fallah
سويسي Souissi
شرادي Cherradi/Charradi
رفيق Rafik/Rafiq
بركاش Bargach/Berkach
بصري Basri
ديوري Diouri
كرم Karam
نديم Nadim
"""


@dataclass(frozen=True)
class Name:
    """One name with its Arabic and Latin spellings, the usual first."""

    arabic: tuple[str, ...]
    latin: tuple[str, ...]


def _read(table: str) -> tuple[Name, ...]:
    names = []
    for line in table.strip().splitlines():
        arabic, latin = line.rsplit(" ", 1)
        names.append(Name(_spellings(arabic), _spellings(latin)))
    return tuple(names)


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(part.replace("_", " ") for part in text.split("/"))


def is_held_out(name: Name) -> bool:
    """Whether the name belongs to the half never used for tuning; fixed for ever by its letters."""
    return blake2b(name.arabic[0].encode(), digest_size=1).digest()[0] % 2 == 1


MEN, WOMEN, FAMILIES = _read(_MEN), _read(_WOMEN), _read(_FAMILIES)


def tables(split: str) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    """Men's, women's and family names of a split: "tuning", "held-out" or "all"."""
    kept = {"tuning": (False,), "held-out": (True,), "all": (False, True)}[split]
    men, women, families = (
        tuple(name for name in table if is_held_out(name) in kept)
        for table in (MEN, WOMEN, FAMILIES)
    )
    return men, women, families
