package mock_test

import (
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A stopped clock shows the same time until the test moves it. So no callback is late by accident.
func ExampleMerchant_Freeze() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})

	sandbox.Freeze()
	before := sandbox.Now()
	fmt.Println(sandbox.Now().Equal(before))
	fmt.Println(sandbox.Advance(time.Hour).Sub(before))
	// Output:
	// true
	// 1h0m0s
}

// A clock that was stopped runs on from where it stands, not from the real time.
func ExampleMerchant_Resume() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})

	sandbox.Freeze()
	sandbox.SetTime(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC))
	sandbox.Resume()
	fmt.Println(sandbox.Now().Year())
	// Output:
	// 2031
}

// A payment bears the time of the sandbox's clock. A test compares it with Now, not with the time of the machine.
func ExampleMerchant_Now() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Freeze()
	sandbox.SetTime(time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC))
	paid := sandbox.Pay(shop.orders("ORD-1", ""), "")
	fmt.Println(sandbox.Now().Format(time.DateTime))
	fmt.Println(paid.Payment.Date.Equal(sandbox.Now()))
	// Output:
	// 2026-12-31 23:59:00
	// true
}
