package page

import "github.com/payporter-mock/payporter-mock/payment"

func turkish() *words {
	return &words{
		Code: "tr", Name: "Türkçe",
		ThousandsMark: ".", DecimalMark: ",", Lira: "TL", Time: "02.01.2006 15:04 UTC", Clock: "15:04:05 UTC",

		Product: "PayPorter mock",
		Sandbox: "Burası bir deneme ortamıdır, gerçek para hareketi olmaz. Yalnızca test kartı kullanın, gerçek kart " +
			"bilgisi girmeyin.",
		Order: "Siparişiniz", Heading: "Kartla ödeme",
		Amount: "Tutar", OrderID: "Sipariş numarası", Description: "Açıklama",

		PAN: fieldWords{
			Label:      "Kart numarası",
			Missing:    "Kart numarasını girin.",
			Unreadable: "Kart numarası 12 ile 19 arasında rakamdan oluşur.",
			Refused: "Bu numara, bu deneme ortamının test kartlarından değil. Buraya asla gerçek kart girmeyin. Numara " +
				"saklanmadı.",
		},
		Mistyped: "Bu numarada bir hata var. Kartınızla karşılaştırın.",
		Holder: fieldWords{
			Label:      "Kart üzerindeki isim",
			Missing:    "Kart üzerindeki ismi girin.",
			Unreadable: "Buraya kart numarası değil, isim girin. Yazdığınız saklanmadı.",
			Refused:    "İsim en fazla 100 karakter olabilir.",
		},
		Expiry: fieldWords{
			Label:      "Son kullanma tarihi (AA/YY)",
			Missing:    "Son kullanma tarihini girin.",
			Unreadable: "Ay ve yılı 04/28 biçiminde girin.",
			Refused:    "Bu tarih geçmiş.",
		},
		CVV: fieldWords{
			Label:      "Güvenlik kodu (CVV)",
			Missing:    "Güvenlik kodunu girin.",
			Unreadable: "Güvenlik kodu yalnızca rakamdan oluşur.",
			Refused:    "Güvenlik kodu 3 haneli, American Express kartlarda 4 hanelidir.",
		},
		Installments: fieldWords{
			Label:      "Taksit",
			Missing:    "Ödeme şeklini seçin.",
			Unreadable: "Sunulan ödeme şekillerinden birini seçin.",
			Refused:    "Mağaza veya bu kart bu kadar taksit sunmuyor.",
		},

		SinglePayment: "Tek çekim: %s",
		InParts:       "%d taksit x %s (toplam %s)",
		WaysToPay:     "Tutarlar, %s",
		Ways:          wayWords{"Seçenek", "Aylık", "Faiz", "Toplam"},
		AtOnce:        "Tek çekim", Parts: "%d taksit",
		Pay: "Öde", PayAmount: "%s öde", Paying: "Bir dakika lütfen…", Cancel: "Vazgeç",

		TestCards: "Test kartları",
		TestCardsText: "Bir karta tıklayın, bilgileri forma yazılsın. Aksini belirten bir senaryo yoksa her kart yanında " +
			"yazan sonucu verir. Yalnızca " +
			"%s PayPorter'ın kendi belgelerindendir; ötekileri başka ödeme kuruluşları yayımlamıştır, PayPorter'daki " +
			"sonuçları varsayımdır.",
		TestHolder: "TEST KARTI",
		CardsPaid:  "Ödeme alınır", CardsDeclined: "Reddedilir", Cards3DS: "3D Secure",
		Credit: "kredi kartı", Debit: "banka kartı", Foreign: "Yurt dışı",
		CardPaid:  "Ödeme alınır",
		CodeFirst: "Banka kod sorar. Ardından: %s",
		NoCode:    "Banka kod sorar, hiçbir kod kabul edilmez",
		Reasons: map[string]string{
			"04": "Karta el koyun", "05": "Onaylanmadı", "12": "Geçersiz işlem", "41": "Kayıp kart", "43": "Çalıntı kart",
			"51": "Yetersiz bakiye", "54": "Süresi dolmuş kart", "57": "Kart sahibi bu işlemi yapamaz",
			"58": "Terminal bu işlemi yapamaz",
			"59": "Sahtecilik şüphesi", "82": "Geçersiz CVV", "96": "Sistem hatası",
			"MD_STATUS_0": "3D Secure doğrulaması başarısız", "MD_STATUS_4": "3D Secure yalnızca denendi",
			"3DS_NOT_INITIALISED": "3D Secure başlatılamıyor",
		},

		BankName: "Sandbox Bank", BankHeading: "Ödemenizi onaylayın",
		BankAsks:    "Telefonunuza tek kullanımlık bir şifre gönderdik. Ödemeyi onaylamak için şifreyi girin.",
		BankCode:    "Tek kullanımlık şifre",
		BankHint:    "Burada mesaj gönderilmez. Deneme ortamının şifresi: %s.",
		BankWrong:   "Şifre yanlış. Yeniden deneyin.",
		BankTries:   "%d deneme hakkınız kaldı.",
		BankLastTry: "Bu son deneme hakkınız.",
		BankUntil:   "Son geçerlilik:", BankLeft: "Kalan süre:",
		BankConfirm: "Onayla", BankCancel: "Onaylamadan geri dön",

		Faulty: notice{"Bazı bilgiler hatalı", "Aşağıdaki alanları düzeltin. Güvenliğiniz için kart numarasını ve " +
			"güvenlik kodunu yeniden girin."},
		FaultyHere: notice{"Bazı bilgiler hatalı", "Henüz hiçbir şey gönderilmedi. Aşağıdaki alanları düzeltin."},
		Declined: notice{"Son ödeme denemeniz reddedildi", "Kartınızdan para çekilmedi. Aynı kartla ya da başka bir " +
			"test kartıyla yeniden deneyebilirsiniz."},
		BankSaid:  "Bankanın yanıtı:",
		Card:      "Kart",
		PaidIn:    "Taksit",
		PaidAt:    "Tarih",
		PaymentID: "Ödeme numarası", AuthCode: "Onay kodu",
		BackToShop: "Mağazaya dön", SeeResult: "Ödemenin sonucunu gör",
		Known:        notice{"Bankanız ödemeyi onayladı", "Ödemeyi tamamlayacak olan mağazaya yönlendiriliyorsunuz."},
		Unknown:      notice{"Bankanız ödemeyi onaylamadı", "Mağazaya yönlendiriliyorsunuz. Ödeme yapılmadı."},
		ReturnToShop: "Bu sayfayı kapatıp mağazaya dönebilirsiniz.",

		States: map[payment.State]stateWords{
			payment.Paid: {
				Result: notice{"Ödeme başarılı", "Teşekkür ederiz. Ödemeniz alındı."},
				Closed: notice{"Ödeme daha önce yapıldı", "Bu sipariş ödendi, sizden yeniden tahsilat yapılmayacak. Mağazaya " +
					"dönebilirsiniz."},
			},
			payment.Processing: {
				Result: notice{"Ödemeniz işleniyor", "Bankanın yanıtı bekleniyor. Sonuç mağazaya bildirilecek, lütfen yeniden " +
					"ödeme yapmayın."},
				Closed: notice{"Ödemeniz işleniyor", "Bankanın yanıtı bekleniyor. Sonuç mağazaya bildirilecek, lütfen yeniden " +
					"ödeme yapmayın. Mağazaya dönebilirsiniz."},
			},
			payment.Declined: {
				Result: notice{"Ödeme reddedildi", "Kartınızdan para çekilmedi, bu bağlantı yeniden kullanılamaz. Tekrar " +
					"denemek için mağazada yeniden sipariş verin."},
				Closed: notice{"Ödeme reddedildi", "Bu bağlantı yeniden kullanılamaz. Tekrar denemek için mağazada yeniden " +
					"sipariş verin."},
			},
			payment.LinkCancelled: {
				Result: notice{"Ödemeden vazgeçildi", "Kartınızdan para çekilmedi."},
				Closed: notice{"Ödemeden vazgeçildi", "Bu bağlantı artık kullanılamaz. Yine de ödemek isterseniz mağazada " +
					"yeniden sipariş verin."},
			},
			payment.Expired: {
				Result: notice{"Ödeme bağlantısının süresi doldu", "Kartınızdan para çekilmedi. Yine de ödemek isterseniz " +
					"mağazada yeniden sipariş verin."},
				Closed: notice{"Ödeme bağlantısının süresi doldu", "Bu bağlantı zamanında ödenmedi. Yine de ödemek isterseniz " +
					"mağazada yeniden sipariş verin."},
			},
		},

		UnknownLink: notice{"Ödeme bağlantısı bulunamadı", "Bu bağlantıya ait bir ödeme yok. Bağlantının eksiksiz " +
			"olduğunu kontrol edin ya da yenisi için mağazaya dönün."},
		WrongMethod: notice{"Bu işlem burada yapılamaz", "Ödeme bağlantısını mağazadan yeniden açın."},
		TooLarge:    notice{"Form çok büyük", "Ödeme yapılmadı. Geri dönüp yazdıklarınızı kontrol edin ve yeniden deneyin."},
		NotAForm: notice{"Bu bir form değil", "Ödeme yapılmadı. Bu sayfa yalnızca kendi formunun gönderdiğini kabul " +
			"eder (application/x-www-form-urlencoded)."},
		Unreadable: notice{"Form okunamadı", "Ödeme yapılmadı. Geri dönüp yeniden deneyin."},
		Bug: notice{"Deneme ortamında bir hata oluştu", "Ödemenin yapılıp yapılmadığını görmek için bağlantıyı " +
			"yeniden açın. Ayrıntılar deneme ortamının günlüğündedir."},
	}
}
