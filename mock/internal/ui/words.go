package ui

import (
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// chosen says how a scenario came to be chosen.
func chosen(c gateway.Choice) string {
	switch c {
	case gateway.ByHeader:
		return "the header X-Mock-Scenario named it"
	case gateway.ByNext:
		return "it was ordered for the next checkouts"
	case gateway.ByToken:
		return "a mock:NAME in the order's texts named it"
	case gateway.ByFile:
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
	}
	return string(k)
}
