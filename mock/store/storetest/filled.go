package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// filled is a value none of whose fields is zero, so that a field that books forget is seen.
func filled[T any](t *testing.T) (value T) {
	t.Helper()
	f := filling{T: t, within: map[reflect.Type]bool{}}
	f.fill(reflect.ValueOf(&value).Elem())
	return value
}

// filling fills a value. A payment has room for another payment, which has none in it.
type filling struct {
	*testing.T
	n      int
	within map[reflect.Type]bool // the types that pointers lead to
}

func (t *filling) fill(v reflect.Value) {
	t.n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(t.n) * time.Nanosecond)))
		return
	case payment.Amount:
		amount, err := payment.ParseAmount(fmt.Sprintf("%d.50", t.n), "TRY")
		require.NoError(t, err)
		v.Set(reflect.ValueOf(amount))
		return
	}

	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", t.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(t.n))
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(uint64(t.n))
	case reflect.Float64:
		v.SetFloat(float64(t.n) + 0.25)
	default:
		t.fillParts(v)
	}
}

func (t *filling) fillParts(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			t.fill(v.Field(i))
		}
	case reflect.Pointer:
		if within := v.Type().Elem(); !t.within[within] {
			t.within[within] = true
			v.Set(reflect.New(within))
			t.fill(v.Elem())
			delete(t.within, within)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			t.fill(v.Index(i))
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		t.fill(key)
		t.fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default:
		require.Fail(t, "fill knows no "+v.Kind().String())
	}
}
