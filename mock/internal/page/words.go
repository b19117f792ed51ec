package page

import "github.com/payporter-mock/payporter-mock/mock/payment"

// words is everything that the page says in one language.
type words struct {
	Code string // as in Accept-Language and ?lang=
	Name string // of the language, in itself

	// How numbers and times are written.
	ThousandsMark, DecimalMark, Lira string
	CurrencyFirst                    bool
	Time                             string // a layout of package time

	Product, Sandbox string
	Heading          string
	Amount, OrderID  string
	Description      string

	PAN, Holder, Expiry, CVV, Installments fieldWords

	SinglePayment string // %s: the amount
	InParts       string // %d: how many, %s: the amount of each, %s: the total
	Pay, Cancel   string

	Faulty       notice // above a form with faults
	Declined     notice // above a form after an attempt that failed
	BankSaid     string // before the bank's own message
	Card         string
	PaidIn       string // label of the instalments
	PaidAt       string
	PaymentID    string
	AuthCode     string
	ReturnToShop string
	BackToShop   string

	States map[payment.State]stateWords // of every state but OPEN

	UnknownLink, WrongMethod, TooLarge, NotAForm, Unreadable, Bug notice
}

// fieldWords is what the page says about one field of the form.
type fieldWords struct {
	Label      string
	Missing    string // nothing was typed
	Unreadable string // it is not what the field is for
	Refused    string // it is, and is not taken
}

// notice is a heading and what follows from it.
type notice struct{ Title, Text string }

// stateWords is what the page says about a link that is not open.
type stateWords struct {
	Result notice // on the page of the result
	Closed notice // to somebody who wants to pay
}

func english() *words {
	return &words{
		Code: "en", Name: "English",
		ThousandsMark: ",", DecimalMark: ".", Lira: "TRY", CurrencyFirst: true, Time: "2 January 2006, 15:04 UTC",

		Product: "PayPorter mock",
		Sandbox: "This is a sandbox: no money moves here. Use test cards only, never a real card.",
		Heading: "Pay by card",
		Amount:  "Amount", OrderID: "Order number", Description: "Description",

		PAN: fieldWords{
			Label:      "Card number",
			Missing:    "Enter the card number.",
			Unreadable: "A card number has 12 to 19 digits.",
			Refused:    "This is not a test card of this sandbox. Never enter a real card here. The number was not kept.",
		},
		Holder: fieldWords{
			Label:      "Name on card",
			Missing:    "Enter the name on the card.",
			Unreadable: "Enter a name here, not a card number. What you typed was not kept.",
			Refused:    "The name may have at most 100 characters.",
		},
		Expiry: fieldWords{
			Label:      "Expiry date (MM/YY)",
			Missing:    "Enter the expiry date.",
			Unreadable: "Enter month and year, such as 04/28.",
			Refused:    "This date is in the past.",
		},
		CVV: fieldWords{
			Label:      "Security code (CVV)",
			Missing:    "Enter the security code.",
			Unreadable: "The security code has digits only.",
			Refused:    "The security code has 3 digits, on American Express cards 4.",
		},
		Installments: fieldWords{
			Label:      "Instalments",
			Missing:    "Choose how to pay.",
			Unreadable: "Choose one of the ways to pay.",
			Refused:    "The shop does not offer that many instalments.",
		},

		SinglePayment: "Single payment: %s",
		InParts:       "%d instalments of %s (total %s)",
		Pay:           "Pay", Cancel: "Cancel",

		Faulty:    notice{"Some details are not right", "Correct them below. For your safety, enter the card number and the security code again."},
		Declined:  notice{"The last attempt was declined", "You have not been charged. Try again with this or another test card."},
		BankSaid:  "The bank's answer:",
		Card:      "Card",
		PaidIn:    "Instalments",
		PaidAt:    "Date",
		PaymentID: "Payment number", AuthCode: "Authorisation code",
		BackToShop:   "Return to the shop",
		ReturnToShop: "You can close this page and return to the shop.",

		States: map[payment.State]stateWords{
			payment.Paid: {
				Result: notice{"Payment successful", "Thank you. The payment has been received."},
				Closed: notice{"Already paid", "This order has been paid; you will not be charged again. You can return to the shop."},
			},
			payment.Processing: {
				Result: notice{"Payment is being processed", "The bank has not decided yet. The shop will be told; do not pay again."},
				Closed: notice{"Payment is being processed", "The bank has not decided yet. The shop will be told; do not pay again. You can return to the shop."},
			},
			payment.Declined: {
				Result: notice{"Payment declined", "You have not been charged, and this link cannot be used again. To try once more, order again in the shop."},
				Closed: notice{"Payment declined", "This link cannot be used again. To try once more, order again in the shop."},
			},
			payment.LinkCancelled: {
				Result: notice{"Payment cancelled", "You have not been charged."},
				Closed: notice{"Payment cancelled", "This link cannot be used any more. If you still want to pay, order again in the shop."},
			},
			payment.Expired: {
				Result: notice{"Payment link expired", "You have not been charged. If you still want to pay, order again in the shop."},
				Closed: notice{"Payment link expired", "This link was not paid in time. If you still want to pay, order again in the shop."},
			},
		},

		UnknownLink: notice{"Payment link not found", "There is no payment with this link. Check that it is complete, or return to the shop for a new one."},
		WrongMethod: notice{"This does not work here", "Open the payment link from the shop again."},
		TooLarge:    notice{"The form is too large", "Nothing was paid. Go back, check what you typed, and try again."},
		NotAForm:    notice{"This is not a form", "Nothing was paid. This page takes what its own form sends, as application/x-www-form-urlencoded."},
		Unreadable:  notice{"The form cannot be read", "Nothing was paid. Go back and try again."},
		Bug:         notice{"The sandbox made a mistake", "Open the link again to see whether the payment was made. The sandbox's log says more."},
	}
}

func turkish() *words {
	return &words{
		Code: "tr", Name: "Türkçe",
		ThousandsMark: ".", DecimalMark: ",", Lira: "TL", Time: "02.01.2006 15:04 UTC",

		Product: "PayPorter mock",
		Sandbox: "Burası bir deneme ortamıdır, gerçek para hareketi olmaz. Yalnızca test kartı kullanın, gerçek kart bilgisi girmeyin.",
		Heading: "Kartla ödeme",
		Amount:  "Tutar", OrderID: "Sipariş numarası", Description: "Açıklama",

		PAN: fieldWords{
			Label:      "Kart numarası",
			Missing:    "Kart numarasını girin.",
			Unreadable: "Kart numarası 12 ile 19 arasında rakamdan oluşur.",
			Refused:    "Bu numara, bu deneme ortamının test kartlarından değil. Buraya asla gerçek kart girmeyin. Numara saklanmadı.",
		},
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
			Refused:    "Mağaza bu kadar taksit sunmuyor.",
		},

		SinglePayment: "Tek çekim: %s",
		InParts:       "%d taksit x %s (toplam %s)",
		Pay:           "Öde", Cancel: "Vazgeç",

		Faulty:    notice{"Bazı bilgiler hatalı", "Aşağıdaki alanları düzeltin. Güvenliğiniz için kart numarasını ve güvenlik kodunu yeniden girin."},
		Declined:  notice{"Son ödeme denemeniz reddedildi", "Kartınızdan para çekilmedi. Aynı kartla ya da başka bir test kartıyla yeniden deneyebilirsiniz."},
		BankSaid:  "Bankanın yanıtı:",
		Card:      "Kart",
		PaidIn:    "Taksit",
		PaidAt:    "Tarih",
		PaymentID: "Ödeme numarası", AuthCode: "Onay kodu",
		BackToShop:   "Mağazaya dön",
		ReturnToShop: "Bu sayfayı kapatıp mağazaya dönebilirsiniz.",

		States: map[payment.State]stateWords{
			payment.Paid: {
				Result: notice{"Ödeme başarılı", "Teşekkür ederiz. Ödemeniz alındı."},
				Closed: notice{"Ödeme daha önce yapıldı", "Bu sipariş ödendi, sizden yeniden tahsilat yapılmayacak. Mağazaya dönebilirsiniz."},
			},
			payment.Processing: {
				Result: notice{"Ödemeniz işleniyor", "Bankanın yanıtı bekleniyor. Sonuç mağazaya bildirilecek, lütfen yeniden ödeme yapmayın."},
				Closed: notice{"Ödemeniz işleniyor", "Bankanın yanıtı bekleniyor. Sonuç mağazaya bildirilecek, lütfen yeniden ödeme yapmayın. Mağazaya dönebilirsiniz."},
			},
			payment.Declined: {
				Result: notice{"Ödeme reddedildi", "Kartınızdan para çekilmedi, bu bağlantı yeniden kullanılamaz. Tekrar denemek için mağazada yeniden sipariş verin."},
				Closed: notice{"Ödeme reddedildi", "Bu bağlantı yeniden kullanılamaz. Tekrar denemek için mağazada yeniden sipariş verin."},
			},
			payment.LinkCancelled: {
				Result: notice{"Ödemeden vazgeçildi", "Kartınızdan para çekilmedi."},
				Closed: notice{"Ödemeden vazgeçildi", "Bu bağlantı artık kullanılamaz. Yine de ödemek isterseniz mağazada yeniden sipariş verin."},
			},
			payment.Expired: {
				Result: notice{"Ödeme bağlantısının süresi doldu", "Kartınızdan para çekilmedi. Yine de ödemek isterseniz mağazada yeniden sipariş verin."},
				Closed: notice{"Ödeme bağlantısının süresi doldu", "Bu bağlantı zamanında ödenmedi. Yine de ödemek isterseniz mağazada yeniden sipariş verin."},
			},
		},

		UnknownLink: notice{"Ödeme bağlantısı bulunamadı", "Bu bağlantıya ait bir ödeme yok. Bağlantının eksiksiz olduğunu kontrol edin ya da yenisi için mağazaya dönün."},
		WrongMethod: notice{"Bu işlem burada yapılamaz", "Ödeme bağlantısını mağazadan yeniden açın."},
		TooLarge:    notice{"Form çok büyük", "Ödeme yapılmadı. Geri dönüp yazdıklarınızı kontrol edin ve yeniden deneyin."},
		NotAForm:    notice{"Bu bir form değil", "Ödeme yapılmadı. Bu sayfa yalnızca kendi formunun gönderdiğini kabul eder (application/x-www-form-urlencoded)."},
		Unreadable:  notice{"Form okunamadı", "Ödeme yapılmadı. Geri dönüp yeniden deneyin."},
		Bug:         notice{"Deneme ortamında bir hata oluştu", "Ödemenin yapılıp yapılmadığını görmek için bağlantıyı yeniden açın. Ayrıntılar deneme ortamının günlüğündedir."},
	}
}
