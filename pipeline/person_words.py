"""Words around a name in a byline (credentials, titles, roles), and words that never belong to a name."""

from __future__ import annotations

__all__ = [
    "ADDRESSES", "CHINESE_SURNAMES", "CREDENTIALS", "CREDENTIAL_TITLES", "NOT_LETTERS", "NOT_PEOPLE",
    "PARTICLES", "PROFESSIONS", "ROLE_WORDS", "TITLES_BEHIND",
]  # fmt: skip

# Post-nominal letters of health professions. Sources: the credential lists of the American Chiropractic
# Association, American Physical Therapy Association, American Dental Association, American Nurses
# Association, Academy of Nutrition and Dietetics, and the fellowships of the Royal Colleges; academic degrees
# as universities abbreviate them.
CREDENTIALS = frozenset(
    (
        "MD DO DC DPT PT PTA OT OTR OTR/L OTD COTA DDS DMD DPM OD PHD PSYD EDD SCD DSC DRPH "
        "MPH MPT MSPT MSC MS MA MBA MED MSN MSW BSC MSOM "
        "BS BA BSN BDS MBBS MBCHB MBBCH RN NP FNP FNP-C FNP-BC APRN ARNP CRNA CNM CPM LPN LVN "
        "PA PA-C RD RDN LD LDN CNS CDE CDCES LAC DIPLAC DIPLOM DAOM "
        "DACM DOM DOMP DAC ND NMD RPH PHARMD LMT CMT RMT LCSW LMFT LPC LMHC LPCC BCBA SLP "
        "CCC-SLP AUD CSCS ATC LAT NASM ACE AFAA ISSA ACSM NSCA CPT CES OCS SCS GCS "
        "NCS WCS PCS COMT FAAOMPT MTC CMPT CERTMDT FACS FACP FACC FACE FACG FACR FAAP FAAFP "
        "FACOG FAAOS FAAD FAAN FACSM FACFAS FACFOAM FAGD MAGD FICOI "
        "FRCS FRCP FRCGP FRACGP FRANZCOG MRCGP MRCP MRCS FAND FADA CCSP CCEP DACBSP DACNB "
        "DACBR DACBN DABCO DABCI DICCP CACCP CCN FICA FICC FACO FIAMA IFBB CSSD CLT "
        "EMT DVM VMD DR.TCM DTCM TCM DRTCM MCSP HCPC MHCPC BPHTY BPHYS BPHYSIO MPHYS MPHYSIO "
        "MCHIRO BCHIRO DCHIRO BAPPSC MAPPSC APA PHYSIO MAPA RCST CST CHT "
        "IBCLC CLC CHES MCHES NBC-HWC CHC CHN RYT E-RYT ESQ SP.OG SP.PD SP.A SP.B SP.JP SP.S "
        "SP.KK FFMLM MFDS BCH BAO LICAC MBACC DIPHOM RSHOM MNIMH "
        "DIPPT DIPED DIPLPSYCH MPHIL MSCN CPSYCHOL BHSC MHSC BHS MHS DHSC DSCPT EDM SCM BSPT "
        "MSPAS MPAS MMSC CFMP IFMCP ABAAHP DABPM FAAPMR FABDA MSHS MHA FACHE MAOM"
    ).split()
)
# Titles before names that are credentials. Sources: the academic degrees of Czech and Slovak law (Act
# 111/1998 Coll. §§ 45-47; Act 131/2002), the Polish, German, Austrian, Italian, Spanish, Portuguese,
# Turkish, Russian,
# Ukrainian, Hungarian, Romanian, Vietnamese, Thai, Hebrew and Arabic abbreviations that Wikipedia's articles
# on academic and medical titles list for each country.
CREDENTIAL_TITLES = (
    "dr|dra|drs|dre|dr.ssa|dr.in|drin|drª|dr.ª|doctor|doctora|docteur|dottore|dottoressa|doutor|doutora|doktor"
    "|prof|profa|prof.ssa|profª|prof.ª|professor|professora|professeur|univ.-prof|univ-prof|ao|pd|priv.-doz"
    "|priv-doz|doc|doç|yrd|öğr|gör|uzm|op|dt|dyt|fzt|psk|ecz|klin|hem|uz|med|dent|vet|hab|h.c|rer|nat|phil"
    "|mudr|mddr|mvdr|mgr|mga|bc|bca|ing|phdr|rndr|paeddr|pharmdr|thdr|judr|rsdr|as|csc"
    "|lek|lek.med|lek.dent|lek.wet|n.med|n. med|inż|mag|dipl|dipl.-ing|dipl.-psych|dipl.-med|ddr"
    "|dott|dott.ssa|dottssa|avv|lic|licda|lcda|lcdo|ldo|lda|mtra|mtro|psic|psicól|klgo|klga|kin|nut|enf|obst"
    "|ft|fta|fga|fgo|odont|me|esp|pr|d-r|conf|conf.univ|șef|lect|asist"
    "|ths|ts|pgs|gs|bs|pgs.ts|pgs.ts.bs|ts.bs|ths.bs|gs.ts|bsckii|bscki|bsck|bsnt|dược|пгс"
    "|д-р|др|доктор|проф|профессор|професор|доц|доцент|акад|к.м.н|д.м.н|канд|мед|наук|к.мед.н|д.мед.н"
    "|δρ|καθ|ד״ר|ד\"ר|ד''ר|ד’׳ר|דר|פרופ׳|פרופ'|פרופ|פרופסור|د|دكتور|دكتورة|الدكتور|الدكتورة|أ.د|ا.د"
    "|دکتر|پروفسور|นพ|พญ|ทพ|ทพญ|ภก|ภญ|ดร|นายแพทย์|แพทย์หญิง|ผศ|รศ|ศ|डॉ|डा|bác sĩ|leg|läk|överl"
)
# Forms of address, which say nothing about what somebody has learned
ADDRESSES = (
    "mr|mrs|ms|miss|mx|sr|sra|srta|señor|señora|senhor|senhora|herr|frau|hr|fr|mme|mlle|monsieur|madame|sig"
    "|sig.ra|signor|signora|dhr|mevr|pan|pani|pán|paní|bay|bayan|sn|γ-ρ|κος|κα|κ|г-н|г-жа|пан|пані|bà|ông|mbak"
)
# Name particles; they do not count as words of a name.
PARTICLES = frozenset(
    (
        "de del della der den di da dos das do du la le las los van von zu zur zum ter ten al el "
        "bin ibn bint y e san st st. af av ap ben ter vom dela"
    ).split()
)
# Agencies, media and institutions whose abbreviations look like post-nominal letters.
NOT_LETTERS = frozenset(
    (
        "AFP DPA CNN BBC NBC CBS ABC NPR USA UPI EFE ANSA TASS WSJ NYT ESPN MSNBC PBS ARD ZDF ORF "
        "SRF RTL NHK USC UCLA NHS NIH CDC FDA WHO"
    ).split()
)
# Titles that follow a CJK name.
TITLES_BEHIND = frozenset(
    (
        "기자 記者 记者 醫師 医生 医師 医师 教授 博士 先生 院長 院长 主任 主任医师 主任醫師 副主任医师 "
        "護士 护士 药师 "
        "藥師 薬剤師 治療師 治疗师 物理治療師 理学療法士 作業療法士 鍼灸師 柔道整復師 管理栄養士 "
        "営養師 营养师 營養師 "
        "歯科医師 保健師 看護師 원장 교수 박사 의사 한의사 약사 물리치료사 간호사 전문의 선생님"
    ).split()
)
# The hundred most frequent surnames in China (Ministry of Public Security, 2019), also in traditional form
CHINESE_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭蔣葉蘇呂盧鐘譚陸範賈鄒龍賀顧龔萬錢嚴"
)
# Beginnings of the words that name the professions of people who write for clinics, in many languages.
# Sources: the professions of Directive 2005/36/EC and the ISCO-08 groups 22 and 32, in these languages.
PROFESSIONS = (
    "physician|doctor|dentist|surgeon|therap|physio|nurse|nutrition|dieti|pharmac|psycholog|psychiat|midwi"
    "|chiropract|osteopath|acupunct|podiat|trainer|coach|orthodont|optometr|audiolog|specialist|consultant"
    "|practitioner|editor|writer|journalist|author|arzt|ärzt|zahn|heilpraktik|apothek|hebamme|pfleg|ernährung"
    "|logopäd|chirurg|internist|orthopäd|médec|medec|médic|medic|dentaire|dentist|infirm|sage-femme|kiné"
    "|diétét|nutritionn|pharmaci|orthophon|ostéopath|naturopath|fisioterap|fisiot|kinesiolog|odontolog|dietist"
    "|nutricion|nutriz|nutrição|psicolog|psicólog|psiquiatr|psichiatr|enfermer|infermier|farmac|matron|ostetric"
    "|logoped|fonoaudi|biolog|ortodon|ortoped|pediatr|pédiatr|kinderarzt|cardiol|kardiol|dermatol|neurol"
    "|gynäkol|ginecol|ginekol|gynecol|urolog|internista|lekar|lekarz|lékař|lekár|stomatolog|dentyst|fizjoterap"
    "|fyzioterap|fizioterap|pielęgniar|farmaceut|dietetyk|położn|sestra|zubn|врач|доктор|стоматолог|хирург"
    "|терапевт|психолог|психиатр|психотерап|невролог|педиатр|гинеколог|кардиолог|дерматолог|диетолог|нутрициолог"
    "|физиотерап|реабилитолог|массажист|ортопед|ортодонт|имплантолог|гигиенист|медсестр|фармацевт|лікар|хірург"
    "|фізіотерап|уролог|эндокринолог|офтальмолог|лор|hekim|doktor|uzman|diyetisyen|fizyoterap|psikolog|cerrah"
    "|eczacı|hemşire|diş|ebe|həkim|psixoloq|psixiatr|läkare|sjukgymnast|fysioterap|tandläkare|sjuksköterska"
    "|dietist|barnmorska|læge|tandlæge|sygeplej|jordemoder|lege|tannlege|sykepleier|lääkäri|fysio|hoitaja"
    "|huisarts|arts|tandarts|verpleeg|verlosk|γιατρός|ιατρός|ψυχολόγος|φυσικοθεραπ|διατροφολόγος|οδοντίατρος"
    "|orvos|fogorvos|gyógytorn|pszichológ|medic|stomatolog|kinetoterap|asistent|רופא|רופאה|פיזיותרפיסט|פסיכולוג"
    "|תזונאי|דיאטנית|طبيب|طبيبة|أخصائي|أخصائية|استشاري|دكتور|صيدلي|پزشک|bác sĩ|dược sĩ|แพทย์|นักกายภาพ|dokter"
    "|perawat|bidan|apoteker|ahli gizi|psikiater"
)
# Words that describe what somebody does: they end a name that runs into its role.
ROLE_WORDS = frozenset(
    (
        "reporter correspondent korrespondent korrespondentin landespolitische editor writer "
        "journalist journalistin redakteur redakteurin autor autorin author "
        "contributor columnist producer director manager coach trainer therapist "
        "physiotherapist physician surgeon chiropractor dentist nurse dietitian "
        "nutritionist acupuncturist pharmacist psychologist staff senior chief contributing "
        "freelance medical health news special political follow profile "
        "updated published posted for at is has ceo cto cfo founder co-founder president "
        "twitter facebook linkedin email gastautor gastbeitrag kolumnistin kolumnist volontär "
        "volontärin reporterin "
        "fachärztin facharzt ärztin arzt fysiotherapeut physiotherapeut physiotherapeutin "
        "odontóloga odontólogo médico médica 기자 記者 记者 編集委員"
    ).split()
)
# Words that name an account, an office or an organisation, never a person.
NOT_PEOPLE = frozenset(
    (
        "admin administrator administration webmaster editor editorial editors staff team "
        "author authors writer writers autor autorin autores "
        "contributor contributors user guest anonymous unknown undefined clinic clinics "
        "center centre centers hospital hospitals clínica klinik praxis cabinet "
        "health healthcare wellness chiropractic chiropractor dental dentistry physiotherapy "
        "physio therapy rehab medical spine sports "
        "medicine group institute foundation association society university college school "
        "department office practice company inc academy council agency "
        "llc ltd gmbh corp news press media marketing design studio web website site blog "
        "posts post page home support newsroom redaktion redacción "
        "rédaction redazione redactie equipo equipe équipe info contact service services "
        "solutions online digital the and our your all view more about read by on at in "
        "reviewed "
        "reviewer written published updated comments comment share email monday tuesday "
        "wednesday thursday friday saturday sunday "
        "care pain back exercise today times daily herald tribune "
        "zeitung zeitschrift presse agentur presseagentur nachrichten magazin magazine "
        "journal gazette agence agencia agenzia "
        "exercises treatment treatments tips guide recipe recipes research topics category "
        "categories tags uncategorized partners associates family network "
        "webteam redakteure redazionale rédactrice redakcja redakce redakcia редакция редакція админ "
        "администратор администрация адміністратор yönetici yonetici editör editörü moderator moderador "
        "administrador administrateur utente usuario benutzer gast invitado клиника клиніка больница центр "
        "стоматология медцентр klinika kliniği klinik hastanesi hastane merkezi ordinace gabinet studio "
        "poliklinika krankenhaus ospedale hôpital hospital zentrum centrum kézilabda rendelő instytut "
        "institut istituto instituto fundación fondazione stiftung ltda s.r.o srl sarl oy ab as "
        "demo test theme themes template sample lorem ipsum placeholder "
        "desk bureau wire agencies reuters copyright photo photos getty images source image "
        "advertisement sponsored subscribe newsletter login log sign follow"
    ).split()
)
