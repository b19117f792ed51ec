package page_test

import (
	"fmt"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/page"
)

// sayings collects every text of a language by its place.
func sayings(place string, v reflect.Value, into map[string]string) {
	switch v.Kind() {
	case reflect.String:
		into[place] = v.String()
	case reflect.Struct:
		for i := range v.NumField() {
			sayings(place+"."+v.Type().Field(i).Name, v.Field(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			sayings(fmt.Sprintf("%s[%s]", place, key), v.MapIndex(key), into)
		}
	}
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`%[a-z]`)
	languages := page.Languages()
	first := map[string]string{}
	sayings("", reflect.ValueOf(languages[0]), first)
	require.Greater(t, len(first), 60)
	for _, language := range languages {
		said := map[string]string{}
		sayings("", reflect.ValueOf(language), said)
		for place, text := range first {
			require.NotEmpty(t, text, place)
			require.NotEmpty(t, said[place], place)
			require.Equal(t, verb.FindAllString(text, -1), verb.FindAllString(said[place], -1), place)
		}
		require.Len(t, said, len(first))
	}
}
