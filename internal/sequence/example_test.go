package sequence_test

import (
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

func ExampleDiagram_Mermaid() {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	diagram := sequence.Diagram{
		Actors: []sequence.Actor{{ID: "merchant", Name: "Merchant"}, {ID: "payporter", Name: "PayPorter"}},
		Arrows: []sequence.Arrow{
			{
				From: "merchant", To: "payporter", Label: "POST /api/checkout", Answer: "200", At: at,
				Latency: 12 * time.Millisecond,
			},
			{From: "payporter", To: "merchant", Label: "callback", At: at.Add(5 * time.Minute), Fault: true},
		},
	}
	fmt.Print(diagram.Mermaid())
	// Output:
	// sequenceDiagram
	//     participant merchant as Merchant
	//     participant payporter as PayPorter
	//     Note over merchant,payporter: 2026-11-24 UTC
	//     merchant->>payporter: 12:00:00 POST /api/checkout
	//     payporter-->>merchant: 200 · 12 ms
	//     Note over merchant,payporter: +5 m 0 s
	//     payporter-xmerchant: 12:05:00 callback
}
