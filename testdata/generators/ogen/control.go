package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-faster/jx"

	"shop/control"
)

// noToken gives the control API's client no token, since the sandbox has none.
type noToken struct{}

func (noToken) AdminToken(context.Context, control.OperationName) (control.AdminToken, error) {
	return control.AdminToken{}, nil
}

// control uses the rest of the control API's client.
func (s shop) control(ctx context.Context) error {
	creates := control.ReadJournalParams{Merchant: merchant(), Kind: control.NewOptKind(control.KindCreate)}
	journal, err := s.sandbox.ReadJournal(ctx, creates)
	if err != nil {
		return err
	}
	fmt.Println("journal", len(journal.Entries))

	if err := s.scenarios(ctx); err != nil {
		return err
	}

	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	moved, err := s.sandbox.MoveClock(ctx, &control.MoveClockReq{
		Freeze:  control.NewOptMoveClockReqFreeze(true),
		Set:     control.NewOptDateTime(at),
		Advance: control.NewOptString("48h"),
	}, control.MoveClockParams{Merchant: merchant()})
	if err != nil {
		return err
	}
	fmt.Println("clock", moved.Now.Unix(), "frozen", moved.Frozen)
	return nil
}

// scenarios puts a scenario in force and reads it back.
func (s shop) scenarios(ctx context.Context) error {
	file := control.ScenarioFile{Version: 1, Scenarios: []control.ScenarioFileScenariosItem{
		{"name": jx.Raw(`"generated"`), "payment": jx.Raw(`{"status": "FAILED"}`)},
	}}
	put, err := s.sandbox.PutScenarios(ctx, &file, control.PutScenariosParams{Merchant: merchant()})
	if err != nil {
		return err
	}
	fmt.Println("scenarios", put.Scenarios[0], "own", put.Own)

	stored, err := s.sandbox.GetScenarios(ctx, control.GetScenariosParams{Merchant: merchant()})
	if err != nil {
		return err
	}
	fmt.Println("stored", strings.Trim(string(stored.Scenarios[0]["name"]), `"`))
	return nil
}

// asksForJSON sends the Accept that this client leaves out. Without it the sandbox answers a scenario file as YAML.
type asksForJSON struct{}

func (asksForJSON) Do(r *http.Request) (*http.Response, error) {
	r.Header.Set("Accept", "application/json")
	return http.DefaultClient.Do(r)
}
