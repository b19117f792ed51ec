package main

import "path/filepath"

// ajvPrices lets the validator of most JavaScript tools judge an order at each price from 0.01 to 1000.00.
func ajvPrices(w *work) error {
	w.said = "each of the 100,000 prices from 0.01 to 1000.00 is valid"
	_, err := w.call("node", filepath.Join(w.home, "prices/ajv.mjs"), w.merchant)
	return err
}

func expressPrices(w *work) error {
	w.said = "2,003 of these prices pass its middleware, over HTTP"
	_, err := w.call("node", filepath.Join(w.home, "prices/express.mjs"), w.merchant)
	return err
}

func jsonschemaPrices(w *work) error {
	w.said = "each of these 100,000 amounts is valid, and an order at 2,003 of them"
	_, err := w.call(venv.path(), filepath.Join(w.home, "prices/prices.py"), w.merchant)
	return err
}
