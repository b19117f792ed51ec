package clock_test

import _ "github.com/payporter-mock/payporter-mock/mock/store/storetest" // for the flag -store, which every package takes
