package page

// Languages lets a test look at everything that the page says.
func Languages() []any { return []any{*english(), *turkish()} }
