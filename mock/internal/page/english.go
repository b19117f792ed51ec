package page

import "github.com/payporter-mock/payporter-mock/payment"

func english() *words {
	return &words{
		Code: "en", Name: "English",
		ThousandsMark: ",", DecimalMark: ".", Lira: "TRY", CurrencyFirst: true, Time: "2 January 2006, 15:04 UTC",
		Clock: "15:04:05 UTC",

		Product: "PayPorter mock",
		Sandbox: "This is a sandbox: no money moves here. Use test cards only, never a real card.",
		Order:   "Your order", Heading: "Pay by card",
		Amount: "Amount", OrderID: "Order number", Description: "Description",

		PAN: fieldWords{
			Label:      "Card number",
			Missing:    "Enter the card number.",
			Unreadable: "A card number has 12 to 19 digits.",
			Refused:    "This is not a test card of this sandbox. Never enter a real card here. The number was not kept.",
		},
		Mistyped: "There is a mistake in this number. Compare it with the card.",
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
			Refused:    "The shop, or this card, does not offer that many instalments.",
		},

		SinglePayment: "Single payment: %s",
		InParts:       "%d instalments of %s (total %s)",
		WaysToPay:     "Amounts in %s",
		Ways:          wayWords{"Way", "Each month", "Interest", "Total"},
		AtOnce:        "Single payment", Parts: "%d instalments",
		Pay: "Pay", PayAmount: "Pay %s", Paying: "One moment…", Cancel: "Cancel",

		TestCards: "Test cards",
		TestCardsText: "One click fills a card in. This is what becomes of each when no scenario decides otherwise. " +
			"Only %s is " +
			"from PayPorter's own documentation; the others are published by other gateways, and what PayPorter makes of " +
			"them is assumed.",
		TestHolder: "TEST CARD",
		CardsPaid:  "Paid", CardsDeclined: "Declined", Cards3DS: "3-D Secure",
		Credit: "credit card", Debit: "debit card", Foreign: "Foreign",
		CardPaid:  "Paid",
		CodeFirst: "The bank asks for a code. Then: %s",
		NoCode:    "The bank asks for a code, and none is right",
		Reasons: map[string]string{
			"04": "Pick up card", "05": "Do not honour", "12": "Invalid transaction", "41": "Lost card", "43": "Stolen card",
			"51": "Not sufficient funds", "54": "Expired card", "57": "Not permitted to cardholder",
			"58": "Not permitted to terminal",
			"59": "Suspected fraud", "82": "Invalid CVV", "96": "General error",
			"MD_STATUS_0": "3-D Secure authentication failed", "MD_STATUS_4": "3-D Secure authentication was only attempted",
			"3DS_NOT_INITIALISED": "3-D Secure cannot be initialised",
		},

		BankName: "Sandbox Bank", BankHeading: "Confirm your payment",
		BankAsks:    "We have sent a one-time code to your phone. Enter it to approve this payment.",
		BankCode:    "One-time code",
		BankHint:    "No message is sent here. The sandbox's code is %s.",
		BankWrong:   "This code is wrong. Try again.",
		BankTries:   "%d tries left.",
		BankLastTry: "This is your last try.",
		BankUntil:   "Valid until", BankLeft: "Time left:",
		BankConfirm: "Approve", BankCancel: "Do not approve, go back",

		Faulty: notice{"Some details are not right", "Correct them below. For your safety, enter the card number and " +
			"the security code again."},
		FaultyHere: notice{"Some details are not right", "Nothing has been sent yet. Correct them below."},
		Declined: notice{"The last attempt was declined", "You have not been charged. Try again with this or " +
			"another test card."},
		BankSaid:  "The bank's answer:",
		Card:      "Card",
		PaidIn:    "Instalments",
		PaidAt:    "Date",
		PaymentID: "Payment number", AuthCode: "Authorisation code",
		BackToShop: "Return to the shop", SeeResult: "See what became of the payment",
		Known:        notice{"Your bank has confirmed the payment", "You are taken back to the shop, which completes it."},
		Unknown:      notice{"Your bank has not confirmed the payment", "You are taken back to the shop. You have not paid."},
		ReturnToShop: "You can close this page and return to the shop.",

		States: map[payment.State]stateWords{
			payment.Paid: {
				Result: notice{"Payment successful", "Thank you. The payment has been received."},
				Closed: notice{"Already paid", "This order has been paid; you will not be charged again. You can return " +
					"to the shop."},
			},
			payment.Processing: {
				Result: notice{"Payment is being processed", "The bank has not decided yet. The shop will be told; do " +
					"not pay again."},
				Closed: notice{"Payment is being processed", "The bank has not decided yet. The shop will be told; do not pay " +
					"again. You can return to the shop."},
			},
			payment.Declined: {
				Result: notice{"Payment declined", "You have not been charged, and this link cannot be used again. To try once " +
					"more, order again in the shop."},
				Closed: notice{"Payment declined", "This link cannot be used again. To try once more, order again in the shop."},
			},
			payment.LinkCancelled: {
				Result: notice{"Payment cancelled", "You have not been charged."},
				Closed: notice{"Payment cancelled", "This link cannot be used any more. If you still want to pay, order again " +
					"in the shop."},
			},
			payment.Expired: {
				Result: notice{"Payment link expired", "You have not been charged. If you still want to pay, order again " +
					"in the shop."},
				Closed: notice{"Payment link expired", "This link was not paid in time. If you still want to pay, order again " +
					"in the shop."},
			},
		},

		UnknownLink: notice{"Payment link not found", "There is no payment with this link. Check that it is complete, or " +
			"return to the shop for a new one."},
		WrongMethod: notice{"This does not work here", "Open the payment link from the shop again."},
		TooLarge:    notice{"The form is too large", "Nothing was paid. Go back, check what you typed, and try again."},
		NotAForm: notice{"This is not a form", "Nothing was paid. This page takes what its own form sends, as " +
			"application/x-www-form-urlencoded."},
		Unreadable: notice{"The form cannot be read", "Nothing was paid. Go back and try again."},
		Bug: notice{"The sandbox made a mistake", "Open the link again to see whether the payment was made. The " +
			"sandbox's log says more."},
	}
}
