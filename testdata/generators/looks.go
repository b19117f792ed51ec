package main

const kotlinModels = "src/main/kotlin/org/openapitools/client/models/"

// The generated code that is looked at, and not compiled: a shop's order, and the amounts of a payment. The floats of
// PHP and Ruby have 64 bits.
var (
	axiosLooks = []look{
		{"api.ts", "export interface CreateCheckoutRequest {", "\n}", []string{
			"'orderId': string;", "'amount': number;", "'currency': CreateCheckoutRequestCurrencyEnum;", "'callback': string;",
			"'description'?: string | null;", "'customerId'?: string | null;", "'maxInstallmentCount'?: number | null;",
			"'interestPaidByCustomer'?: boolean | null;",
		}},
		{"api.ts", "export interface ApiPaymentResponse {", "\n}", []string{
			"'amount': number;", "'merchantCommission'?: number;",
		}},
	}
	fetchLooks = []look{
		{"models/CreateCheckoutRequest.ts", "export interface CreateCheckoutRequest {", "\n}", []string{
			" orderId: string;", " amount: number;", " currency: CreateCheckoutRequestCurrencyEnum;", " callback: string;",
			" description?: string | null;", " customerId?: string | null;", " maxInstallmentCount?: number | null;",
			" interestPaidByCustomer?: boolean | null;",
		}},
		{"models/ApiPaymentResponse.ts", "export interface ApiPaymentResponse {", "\n}", []string{
			" amount: number;", " merchantCommission?: number;",
		}},
	}
	csharpLooks = []look{
		{"src/Org.OpenAPITools/Model/CreateCheckoutRequest.cs", "public CreateCheckoutRequest(", ")\n", []string{
			"string orderId, double amount, CurrencyEnum currency, string callback,", "Option<string?> description = default",
			"Option<string?> customerId = default", "Option<int?> maxInstallmentCount = default",
			"Option<bool?> interestPaidByCustomer = default",
		}},
		{"src/Org.OpenAPITools/Model/ApiPaymentResponse.cs", "public ApiPaymentResponse(", ")\n", []string{
			"double amount,", "Option<double?> merchantCommission",
		}},
	}
	kotlinLooks = []look{
		{kotlinModels + "CreateCheckoutRequest.kt", "data class CreateCheckoutRequest", "\n)", []string{
			"val orderId: kotlin.String,", "val amount: kotlin.Double,", "val currency: CreateCheckoutRequest.Currency,",
			"val callback: kotlin.String,", "val description: kotlin.String? = null", "val customerId: kotlin.String? = null",
			"val maxInstallmentCount: kotlin.Int? =", "val interestPaidByCustomer: kotlin.Boolean? =",
		}},
		{kotlinModels + "ApiPaymentResponse.kt", "data class ApiPaymentResponse", "\n)", []string{
			"val amount: kotlin.Double,", "val merchantCommission: kotlin.Double? = null",
		}},
	}
	phpLooks = []look{
		{"lib/Model/CreateCheckoutRequest.php", "$openAPITypes = [", "];", []string{
			"'order_id' => 'string'", "'amount' => 'float'", "'currency' => 'string'", "'callback' => 'string'",
			"'description' => 'string'", "'customer_id' => 'string'", "'max_installment_count' => 'int'",
			"'interest_paid_by_customer' => 'bool'",
		}},
		{"lib/Model/CreateCheckoutRequest.php", "function listInvalidProperties", "return $invalidProperties;", []string{
			"'order_id' can't be null", "'amount' can't be null", "'currency' can't be null", "'callback' can't be null",
		}},
		{"lib/Model/ApiPaymentResponse.php", "$openAPIFormats = [", "];", []string{
			"'amount' => 'double'", "'merchant_commission' => 'double'",
		}},
	}
	rubyLooks = []look{
		{"lib/openapi_client/models/create_checkout_request.rb", "def self.openapi_types", "end", []string{
			":'order_id' => :'String'", ":'amount' => :'Float'", ":'currency' => :'String'", ":'callback' => :'String'",
			":'description' => :'String'", ":'customer_id' => :'String'", ":'max_installment_count' => :'Integer'",
			":'interest_paid_by_customer' => :'Boolean'",
		}},
		{"lib/openapi_client/models/create_checkout_request.rb", "def list_invalid_properties", "\n    end\n", []string{
			"@order_id.nil?", "@amount.nil?", "@currency.nil?", "@callback.nil?",
		}},
		{"lib/openapi_client/models/api_payment_response.rb", "def self.openapi_types", "end", []string{
			":'amount' => :'Float'", ":'merchant_commission' => :'Float'",
		}},
	}
)
