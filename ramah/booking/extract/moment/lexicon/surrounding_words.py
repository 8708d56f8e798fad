"""Words that stand beside dates and times, or show that a number is neither."""

from ramah.booking.extract.moment.lexicon.entry import Entry, entry

#: Places and things named after a day or a part of the day.
NAMES = (
    "pasar_minggu pasar_senen pasar_senin pasar_rebo pasar_rabu pasar_jumat pasar_kamis pasar_kemis pasar_ahad"
    " pasar_pagi pasar_malam pasar_selasa pasar_sabtu psr_minggu psr_senen psr_rebo psr_jumat psr_pagi psr_malam"
    " ps_minggu ps_rebo ps_senen stasiun_senen terminal_senen kramat_senen jalan_senen jl_senen pasar_isnin"
    " pasar_khamis pasar_jumaat rumah_makan_pagi_sore night_market morning_market kelab_malam klub_malam night_club"
    " night_out new_year's_eve morning_show lampu_malam"
    " sun_plaza sun_city jam_tangan jam_gadang jam_kerja jam_buka"
)

SURROUNDING_ENTRIES: tuple[Entry, ...] = (
    entry("opaque", NAMES),
    entry("the", "the"),
    entry("of", "of"),
    entry("on", "on pada pd"),
    entry("and", "and dan dn sama &"),
    entry(
        "street",
        "jl jln jalan jlan gang gg lorong lrg lebuh persiaran psn lebuhraya street road blok blk block komplek kompleks"
        " perum perumahan taman tmn kampung kg kampong apartemen apartment condo kondo kondominium residence residensi"
        " cluster ruko plaza ss usj pju pjs ttdi bu au bk seksyen section sek presint precinct precint bandar kota"
        " villa griya sektor rumah_susun menara tower wisma lintang jalur kavling kav",
    ),
    entry(
        "label",
        "nomor nomer nombor number num nmr # rt rw lot unit lantai lt tingkat level lvl floor km seri series"
        " type tipe jenis versi plat nopol telp tel hp wa umur usia tahun thn id kode kod poskod postcode zip pos"
        " antrian bil invoice kode_pos gate pintu aras suite iphone cc ukuran size",
    ),
    entry("soft_label", "no ke"),
    entry(
        "unit",
        "orang org mobil mobl kereta kreta motor ribu rb rbu juta jt k ringgit rupiah perak sen liter ltr litre litres"
        " meter mtr cm kali x times time people pax person cars car vehicles vehicle persen percent % pcs"
        " buah biji ekor lembar botol years year yrs yo seater nights kilo kilometer kilometre bikes bike"
        " units jutaan ribuan paket pakej package packages roda ban tayar tyres tyre tires kamar bilik"
        " pk rooms room mobilnya keretanya bulanan",
    ),
    entry("quantity", "berapa brp beberapa bbrp selama selma how_many several few banyak"),
    entry(
        "greeting",
        "selamat slmt slamat met good gd gud nice great happy assalamualaikum asslamualaikum halo hallo helo hello hai"
        " hi hey hei hy hay permisi misi salam aslm ass punten sugeng hola wangi",
    ),
    entry(
        "filler",
        "ok oke okey okay okk oks ya yaa iya iy y yup yes yep yg yang aja ja saja sj deh dong donk kak ka kk kakak"
        " min admin gan sis bro bang bg mas mbak mba pak bpk bapak bu ibu boss bos tuan puan cik encik abang akak dik"
        " bisa bs bsa boleh blh bole lah la lahh ajalah please pls plz tolong tlg thanks thank thx makasih mksh tq"
        " trims kalau kalo klo klw kl kalu gimana gmn bagaimana gmana mau mo mw maunya ambil pilih nak hendak jadi jd"
        " tepat dh sudah di at_the then maybe mungkin is works work fine would ba kah ye"
        " yer je jer sahaja dah tuh tu itu kan ajah ajh siap sip done can could ga gak nggak tak or atau atw better"
        " instead dulu ato ataupun free available baik make it let's lets how what",
    ),
)
