import control.api.CheckoutsApi;
import control.api.ClockApi;
import control.api.JournalApi;
import control.api.ScenariosApi;
import control.model.Kind;
import control.model.MoveClockRequest;
import control.model.PayCheckoutRequest;
import control.model.ScenarioFile;
import java.time.OffsetDateTime;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.Configuration;
import org.openapitools.client.api.CheckoutApi;
import org.openapitools.client.auth.ApiKeyAuth;
import org.openapitools.client.model.ApiPaymentResponse;
import org.openapitools.client.model.CreateCheckoutRequest;
import org.openapitools.client.model.ApiError;

/** Orders through the clients that openapi-generator makes for Java. README.md says what it prints. */
public class Shop {
    private static final String KEY = System.getenv("API_KEY");

    private final CheckoutApi orders;
    private final control.ApiClient sandbox = control.Configuration.getDefaultApiClient();

    private Shop(String url) {
        ApiClient client = Configuration.getDefaultApiClient();
        client.setBasePath(url);
        ((ApiKeyAuth) client.getAuthentication("ApiKey")).setApiKey(KEY);
        ((ApiKeyAuth) client.getAuthentication("ApiSecret")).setApiKey(System.getenv("API_SECRET"));
        orders = new CheckoutApi(client);
        sandbox.setBasePath(url);
    }

    public static void main(String[] args) throws Exception {
        Shop shop = new Shop(System.getenv("SANDBOX_URL"));
        for (String order : args) {
            String[] part = order.split(":");
            ApiPaymentResponse payment = shop.order(part[0], Double.valueOf(part[1]), part[2], "5421190122090656");
            System.out.println("order " + payment.getOrderId() + " " + payment.getAmount() + " " + payment.getStatus());
        }
        ApiPaymentResponse declined = shop.order("ORD-DECLINED", 100.50, "TRY", "4111111111111129");
        System.out.println("declined " + declined.getStatus() + " " + declined.getResultCode());
        shop.refused();
        shop.control();
    }

    private ApiPaymentResponse order(String id, Double amount, String currency, String card) throws Exception {
        var link = orders.createCheckout(request(id, amount, currency));
        var pay = new PayCheckoutRequest().card(PayCheckoutRequest.CardEnum.fromValue(card));
        new CheckoutsApi(sandbox).payCheckout(link.getCheckoutId(), KEY, pay);
        return orders.getCheckout(link.getCheckoutId());
    }

    private CreateCheckoutRequest request(String id, Double amount, String currency) {
        return new CreateCheckoutRequest().orderId(id).amount(amount)
            .currency(CreateCheckoutRequest.CurrencyEnum.fromValue(currency)).callback("http://127.0.0.1:9/payment-callback");
    }

    private void refused() {
        try {
            orders.createCheckout(request("ORD-REFUSED", 100.505, "TRY"));
        } catch (ApiException e) {
            ApiError fault = org.openapitools.client.JSON.getGson().fromJson(e.getResponseBody(), ApiError.class);
            System.out.println("refused " + e.getCode() + " " + fault.getMessageCode() + " " + fault.getErrors().get(0).getField());
        }
    }

    private void control() throws Exception {
        var journal = new JournalApi(sandbox).readJournal(KEY, null, null, Kind.CREATE, null, null, null, null, null, null);
        System.out.println("journal " + journal.getEntries().size());

        var file = new ScenarioFile().version(ScenarioFile.VersionEnum.NUMBER_1)
            .addScenariosItem(Map.of("name", "generated", "payment", Map.of("status", "FAILED")));
        var put = new ScenariosApi(sandbox).putScenarios(file, KEY);
        System.out.println("scenarios " + put.getScenarios().get(0) + " own " + put.getOwn());
        System.out.println("stored " + new ScenariosApi(sandbox).getScenarios(KEY).getScenarios().get(0).get("name"));

        var clock = new ClockApi(sandbox).moveClock(new MoveClockRequest().freeze(true)
            .set(OffsetDateTime.parse("2026-01-31T12:00:00Z")).advance("48h"), KEY);
        System.out.println("clock " + clock.getNow().toEpochSecond() + " frozen " + clock.getFrozen());
    }
}
