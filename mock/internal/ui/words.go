package ui

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// chosen says how a scenario came to be chosen.
func chosen(c scenarios.Choice) string {
	switch c {
	case scenarios.ByHeader:
		return "the header X-Mock-Scenario named it"
	case scenarios.ByNext:
		return "it was forced for the next checkouts"
	case scenarios.ByToken:
		return "a mock:NAME in the order's texts named it"
	case scenarios.ByFile:
		return "it is the first in the scenario file that matches"
	}
	return "nothing else was meant for this checkout: the card decides, unless the sandbox was given a scenario for all"
}

// coming says what a task will do.
func coming(k store.TaskKind) string {
	switch k {
	case store.Expire:
		return "the link expires"
	case store.AutoPay:
		return "the sandbox's own customer pays"
	case store.Cancel:
		return "the sandbox's own customer cancels"
	case store.Abandon:
		return "the sandbox's own customer leaves"
	case store.Settle:
		return "the bank answers"
	case store.GiveUp:
		return "the bank waits no longer"
	case store.SettlePayment:
		return "the bank answers"
	case store.DecideRefund:
		return "the sandbox's own administrator decides on the refund"
	}
	return string(k)
}
