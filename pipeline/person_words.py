"""Words around a name in a byline (credentials, titles, roles), and words that never belong to a name."""

from __future__ import annotations

__all__ = ["CREDENTIALS", "NOT_LETTERS", "NOT_PEOPLE", "PARTICLES", "ROLE_WORDS", "TITLES", "TITLES_BEHIND"]

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
TITLES = (
    r"(?:(?:n\.?\s?med|mgr|hab|inż|lek\.?\s?(?:med|dent)"
    r"|dr\.?ssa|prof\.?ssa|drª|pd|priv\.-doz|bs|ths|pgs|ts"
    r"|ir|lek|δρ|د|dr|dra|prof|profa|professor|doctor|doctora"
    r"|dott\.ssa|dottssa|dottoressa|dott|mr|mrs|ms|miss|sr"
    r"|sra|herr|frau|mme|mag|dipl|med|dent|vet|drs|ing|h\.c"
    r"|rer\.? nat)\b\.?\s*)+"
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
TITLES_BEHIND = frozenset("기자 記者 记者 醫師 医生 医师 教授 博士 先生".split())
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
        "january february march april june july august september october november december "
        "care pain back exercise today times daily herald tribune "
        "zeitung zeitschrift presse agentur presseagentur nachrichten magazin magazine "
        "journal gazette agence agencia agenzia "
        "exercises treatment treatments tips guide recipe recipes research topics category "
        "categories tags uncategorized partners associates family network "
        "desk bureau wire agencies reuters copyright photo photos getty images source image "
        "advertisement sponsored subscribe newsletter login log sign follow"
    ).split()
)
