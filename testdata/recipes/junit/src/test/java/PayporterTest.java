import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PayporterTest {
    static Process sandbox;
    static String url; // give it to your shop as PAYPORTER_BASE_URL

    @BeforeAll
    static void start() throws IOException {
        String program = System.getenv().getOrDefault("PAYPORTER_MOCK", "payporter-mock");
        sandbox = new ProcessBuilder(program, "serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--log-level", "warn")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        url = field("url", new BufferedReader(new InputStreamReader(sandbox.getInputStream())).readLine());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        sandbox.destroy();
        sandbox.waitFor();
    }

    /** Calls the sandbox. An API key that begins with test_ needs no set-up: every test takes its own. */
    static String call(String key, String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("X-API-KEY", key).header("X-API-SECRET", "any secret").header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertTrue(answer.statusCode() == 200, answer.body());
        return answer.body();
    }

    static String field(String name, String json) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        assertTrue(found.find(), json);
        return found.group(1);
    }

    @Test
    void aLinkExpires() throws Exception {
        String key = "test_link_expires";
        String id = field("checkoutId", call(key, "POST", "/api/checkout",
                "{\"orderId\": \"ORD-1\", \"amount\": 100.50, \"currency\": \"TRY\", \"callback\": \"http://127.0.0.1:9/payment-callback\"}"));
        call(key, "POST", "/_mock/clock", "{\"advance\": \"25h\"}");
        assertTrue(call(key, "GET", "/api/checkout/" + id, "").contains("\"status\":\"CANCELLED\""));
    }
}
