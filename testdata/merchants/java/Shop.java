import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A shop that takes payments on PayPorter's hosted page, with nothing but Java 17: create a checkout, send
 * the customer to its redirectUrl, take the callback, ask for the status. Run it with "java Shop.java".
 * Orders live in memory; yours belong in a database.
 */
public class Shop {
    static final long PATIENCE = 3; // seconds; a callback wants its answer within 5
    static final int MAX_BODY = 64 * 1024; // bytes
    static final Pattern ID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    final String payporter = environment("PAYPORTER_BASE_URL", "http://127.0.0.1:8080");
    final String key = environment("PAYPORTER_API_KEY", "test_key");
    final String secret = environment("PAYPORTER_API_SECRET", "test_secret");
    final HttpClient client = HttpClient.newHttpClient(); // follows no redirect: the credentials go nowhere else
    final Map<String, Order> orders = new ConcurrentHashMap<>(); // by orderId
    final Map<String, Order> checkouts = new ConcurrentHashMap<>(); // by checkoutId
    String home;

    /** What a customer wants and what became of it. Its methods are synchronized: two callbacks can come at once. */
    static class Order {
        final String orderId = "ORD-" + UUID.randomUUID();
        final BigDecimal amount; // never a double
        final String currency;
        final Object linking = new Object(); // held while a checkout is made
        private String status = "pending";
        private int fulfilments;
        private String checkoutId, redirectUrl; // of the newest checkout; without a redirectUrl it is over

        Order(BigDecimal amount, String currency) {
            this.amount = amount;
            this.currency = currency;
        }

        /** 4. Believe the status, once, and only if it is about this order's money. */
        synchronized void settle(String checkoutId, Map<String, Object> payment) {
            if (status.equals("paid")) return; // callbacks come more than once, and in any order
            String said = Objects.toString(payment.get("status"), "");
            if (said.equals("SUCCESS")) {
                if (!isAbout(payment)) {
                    System.err.println(orderId + ": paid " + payment.get("amount") + " " + payment.get("currency")
                            + " for " + payment.get("orderId")); // for a person to look at
                    return;
                }
                status = "paid";
                fulfilments++; // ship it
            } else if (said.equals("FAILED")) {
                status = "failed"; // until the customer tries again, on the same link
            } else if (said.equals("REJECTED") || said.equals("CANCELLED")) {
                status = "failed";
                if (checkoutId.equals(this.checkoutId)) redirectUrl = null; // this link is over
            } // whatever else it says, it is not decided yet
        }

        private boolean isAbout(Map<String, Object> payment) {
            return orderId.equals(payment.get("orderId"))
                    && payment.get("amount") instanceof BigDecimal paid && paid.compareTo(amount) == 0 // 100.5 is 100.50
                    && currency.equals(payment.get("currency"));
        }

        synchronized void leadsTo(String checkoutId, String redirectUrl) {
            this.checkoutId = checkoutId;
            this.redirectUrl = redirectUrl;
        }

        synchronized Map<String, Object> seen() {
            return Map.of("orderId", orderId, "status", status, "fulfilments", fulfilments);
        }

        synchronized String checkoutId() {
            return checkoutId;
        }

        synchronized String redirectUrl() {
            return redirectUrl;
        }
    }

    /** 1. The customer orders. A real shop knows its prices; it never takes one from the customer. */
    Map<String, Object> order(HttpExchange exchange) throws IOException {
        Map<String, Object> wanted;
        try {
            wanted = Json.object(body(exchange));
        } catch (IllegalArgumentException err) {
            wanted = Map.of();
        }
        if (!(wanted.get("amount") instanceof BigDecimal amount) || amount.signum() <= 0
                || !(wanted.get("currency") instanceof String currency)) {
            throw new Refused(400, "want {\"amount\": 100.50, \"currency\": \"TRY\"}");
        }
        Order order = new Order(amount, currency);
        orders.put(order.orderId, order); // first, because a callback can overtake the answer
        return toPay(order);
    }

    /** 2. Send the customer to redirectUrl, unchanged. */
    Map<String, Object> toPay(Order order) {
        try {
            return Map.of("orderId", order.orderId, "redirectUrl", link(order));
        } catch (IOException | IllegalArgumentException err) {
            System.err.println(order.orderId + ": " + err.getMessage());
            throw new Refused(502, "no payment can be taken now: try POST /orders/{id}/pay again", Map.of("orderId", order.orderId));
        }
    }

    /** Where the order can be paid: on the link it has, or on a new one where that is over. */
    String link(Order order) throws IOException {
        synchronized (order.linking) { // who asks twice at once gets one link, not two that can both be paid
            String known = order.checkoutId();
            if (known != null) order.settle(known, status(known)); // a callback can be lost
            if (order.seen().get("status").equals("paid")) throw new Refused(409, "this order is paid");
            if (order.redirectUrl() != null) return order.redirectUrl();
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("orderId", order.orderId);
            request.put("amount", order.amount);
            request.put("currency", order.currency);
            request.put("callback", home + "/payment-callback");
            Map<String, Object> made = ask("POST", "/api/checkout", BodyPublishers.ofString(Json.text(request)));
            checkouts.put((String) made.get("checkoutId"), order);
            order.leadsTo((String) made.get("checkoutId"), (String) made.get("redirectUrl"));
            return order.redirectUrl();
        }
    }

    /** 3. The callback is not signed, so it proves nothing: it only says which checkout to ask about. */
    Map<String, Object> callback(HttpExchange exchange) throws IOException {
        String checkoutId = field(exchange, "checkoutId");
        if (!ID.matcher(checkoutId).matches()) throw new Refused(400, "checkoutId must be a UUID");
        Map<String, Object> payment = status(checkoutId);
        Order order = orders.get(Objects.toString(payment.get("orderId"), ""));
        if (order == null || checkouts.getOrDefault(checkoutId, order) != order) {
            throw new Refused(404, "there is no such order");
        }
        order.settle(checkoutId, payment);
        return Map.of("message", "thank you");
    }

    Map<String, Object> status(String checkoutId) throws IOException {
        return ask("GET", "/api/checkout/" + checkoutId, BodyPublishers.noBody());
    }

    /** Call PayPorter. Whatever goes wrong is an exception, and no exception is ever a payment. */
    Map<String, Object> ask(String method, String path, HttpRequest.BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(payporter + path)).method(method, body)
                .header("Content-Type", "application/json").header("X-API-KEY", key).header("X-API-SECRET", secret).build();
        HttpResponse<String> response = wait(request);
        if (response.statusCode() == 404 && method.equals("GET")) throw new Refused(404, "there is no such checkout");
        if (response.statusCode() != 200) throw new IOException("PayPorter answered " + response.statusCode());
        return Json.object(response.body());
    }

    /** The answer, all of it, within the time there is. (A timeout of the request would not cover its body.) */
    HttpResponse<String> wait(HttpRequest request) throws IOException {
        var answer = client.sendAsync(request, BodyHandlers.ofString());
        try {
            return answer.get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException err) {
            answer.cancel(true);
            throw new IOException("PayPorter did not answer: " + err, err);
        }
    }

    Order find(String orderId) {
        Order order = orders.get(orderId);
        if (order == null) throw new Refused(404, "there is no such order");
        return order;
    }

    Object route(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String call = exchange.getRequestMethod() + " " + (path.length > 1 ? path[1] : "") + " " + path.length;
        return switch (call) {
            case "GET health 2" -> Map.of("status", "ok");
            case "POST orders 2" -> order(exchange);
            case "GET orders 3" -> find(path[2]).seen();
            case "POST payment-callback 2" -> callback(exchange);
            case "POST orders 4" -> {
                if (!path[3].equals("pay")) throw new Refused(404, "there is no such page");
                yield toPay(find(path[2]));
            }
            default -> throw new Refused(404, "there is no such page");
        };
    }

    void handle(HttpExchange exchange) throws IOException {
        int status = 200;
        Object answer;
        try {
            answer = route(exchange);
        } catch (Refused err) {
            status = err.status;
            answer = err.answer;
        } catch (Exception err) {
            System.err.println(exchange.getRequestURI().getPath() + ": " + err);
            status = 503; // PayPorter cannot be asked now: so that a callback is sent again later
            answer = Map.of("message", "PayPorter could not be asked");
        }
        byte[] text = Json.text(answer).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    /** One field of a form, or nothing when it is missing or there are several. */
    static String field(HttpExchange exchange, String name) throws IOException {
        String type = Objects.toString(exchange.getRequestHeaders().getFirst("Content-Type"), "");
        if (!type.toLowerCase().startsWith("application/x-www-form-urlencoded")) return "";
        String found = "";
        for (String pair : body(exchange).split("&")) {
            if (!pair.startsWith(name + "=")) continue;
            if (!found.isEmpty()) return "";
            try {
                found = URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
            } catch (IllegalArgumentException err) {
                throw new Refused(400, "the form cannot be read");
            }
        }
        return found;
    }

    static String body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length <= MAX_BODY) return new String(body, UTF_8);
        exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream()); // so that it can be answered
        throw new Refused(413, "the body is too long");
    }

    static String environment(String name, String otherwise) {
        return Objects.requireNonNullElse(System.getenv(name), otherwise);
    }

    public static void main(String[] args) throws IOException {
        Shop shop = new Shop();
        InetAddress here = InetAddress.getByName("127.0.0.1");
        HttpServer server = HttpServer.create(new InetSocketAddress(here, Integer.parseInt(environment("PORT", "3000"))), 128);
        shop.home = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", shop::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("shop listens on " + shop.home);
    }

    /** Why the caller gets no for an answer, with the status that says so. */
    static class Refused extends RuntimeException {
        final int status;
        final Map<String, Object> answer = new LinkedHashMap<>();

        Refused(int status, String message) {
            this(status, message, Map.of());
        }

        Refused(int status, String message, Map<String, Object> details) {
            super(message);
            this.status = status;
            answer.put("message", message);
            answer.putAll(details);
        }
    }

    /**
     * Just enough JSON, because Java brings none; with a library you need none of this. Numbers are BigDecimal,
     * so that no digit is lost. What the shop does not use (lists, objects in objects) is read over.
     */
    static class Json {
        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        static Map<String, Object> object(String text) {
            Json json = new Json(text);
            Object value = json.value(0);
            json.want(json.peek() == '\0');
            if (value instanceof Map<?, ?>) {
                @SuppressWarnings("unchecked") // keys are strings in JSON
                Map<String, Object> object = (Map<String, Object>) value;
                return object;
            }
            throw new IllegalArgumentException("not a JSON object");
        }

        static String text(Object value) {
            if (value instanceof Map<?, ?> map) {
                StringBuilder all = new StringBuilder();
                map.forEach((key, each) -> all.append(all.isEmpty() ? "" : ",").append(text(key)).append(':').append(text(each)));
                return "{" + all + "}";
            }
            if (value instanceof Number) return value.toString();
            StringBuilder quoted = new StringBuilder("\"");
            for (char c : value.toString().toCharArray()) {
                if (c == '"' || c == '\\' || c < ' ') quoted.append(String.format("\\u%04x", (int) c));
                else quoted.append(c);
            }
            return quoted.append('"').toString();
        }

        private Object value(int depth) {
            want(depth < 100);
            switch (peek()) {
                case '{', '[':
                    return container(depth);
                case '"':
                    return string();
                default:
                    int start = at;
                    while (at < text.length() && "+-.0123456789aeflnrstuE".indexOf(text.charAt(at)) >= 0) at++;
                    String word = text.substring(start, at);
                    return switch (word) {
                        case "true" -> true;
                        case "false" -> false;
                        case "null" -> null;
                        default -> new BigDecimal(word); // throws what is an IllegalArgumentException, too
                    };
            }
        }

        private Map<String, Object> container(int depth) {
            boolean object = next() == '{';
            char end = object ? '}' : ']';
            Map<String, Object> all = new LinkedHashMap<>();
            while (peek() != end) {
                if (!all.isEmpty()) want(next() == ',');
                String name = object ? key() : String.valueOf(all.size());
                all.put(name, value(depth + 1));
            }
            next();
            return all;
        }

        private String key() {
            want(peek() == '"');
            String key = string();
            want(next() == ':');
            return key;
        }

        private String string() {
            StringBuilder all = new StringBuilder();
            for (next(); ; ) {
                char c = raw();
                if (c == '"') return all.toString();
                if (c != '\\') {
                    all.append(c);
                    continue;
                }
                char escaped = raw();
                switch (escaped) {
                    case 'u' -> all.append((char) Integer.parseInt("" + raw() + raw() + raw() + raw(), 16));
                    case 'n' -> all.append('\n');
                    case 't' -> all.append('\t');
                    case 'r' -> all.append('\r');
                    case 'b' -> all.append('\b');
                    case 'f' -> all.append('\f');
                    default -> all.append(escaped);
                }
            }
        }

        /** The next character that is not white space; a zero at the end. */
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private char next() {
            want(peek() != '\0');
            return text.charAt(at++);
        }

        private char raw() {
            want(at < text.length());
            return text.charAt(at++);
        }

        private void want(boolean holds) {
            if (!holds) throw new IllegalArgumentException("no JSON at character " + at);
        }
    }
}
