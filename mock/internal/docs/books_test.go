package docs_test

// for the flag -store, which every package takes
import _ "github.com/payporter-mock/payporter-mock/mock/store/storetest"
