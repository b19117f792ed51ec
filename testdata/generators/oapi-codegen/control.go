package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"shop/control"
)

// control uses the rest of the control API's client.
func (s shop) control(ctx context.Context) error {
	journal, err := s.sandbox.ReadJournalWithResponse(ctx, &control.ReadJournalParams{Kind: new(control.KindCreate)})
	if err != nil || journal.JSON200 == nil {
		return fmt.Errorf("journal: %w: %+v", err, journal)
	}
	fmt.Println("journal", len(journal.JSON200.Entries))

	if err := s.scenarios(ctx); err != nil {
		return err
	}

	moved, err := s.sandbox.MoveClockWithResponse(ctx, nil, control.MoveClockJSONRequestBody{
		Freeze:  new(control.MoveClockJSONBodyFreezeTrue),
		Set:     new(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)),
		Advance: new("48h"),
	})
	if err != nil || moved.JSON200 == nil {
		return fmt.Errorf("clock: %w: %+v", err, moved)
	}
	fmt.Println("clock", moved.JSON200.Now.Unix(), "frozen", moved.JSON200.Frozen)
	return nil
}

// scenarios puts a scenario in force and reads it back.
func (s shop) scenarios(ctx context.Context) error {
	put, err := s.sandbox.PutScenariosWithResponse(ctx, nil, control.ScenarioFile{
		Version: 1, Scenarios: []map[string]any{{"name": "generated", "payment": map[string]any{"status": "FAILED"}}},
	})
	if err != nil || put.JSON200 == nil {
		return fmt.Errorf("put scenarios: %w: %+v", err, put)
	}
	fmt.Println("scenarios", put.JSON200.Scenarios[0], "own", put.JSON200.Own)

	stored, err := s.sandbox.GetScenariosWithResponse(ctx, nil, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept", "application/json")
		return nil
	})
	if err != nil || stored.JSON200 == nil {
		return fmt.Errorf("get scenarios: %w: %+v", err, stored)
	}
	fmt.Println("stored", stored.JSON200.Scenarios[0]["name"])
	return nil
}
