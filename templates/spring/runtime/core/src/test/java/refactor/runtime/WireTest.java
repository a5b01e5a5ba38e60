package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the owner does with requests that somebody else wrote: tokens, hashes, leases, lost ids, repetitions, nonsense. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WireTest {
    static Split split;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("refactor.lease.ms", "2000");
        try {
            split = new Split("orders").part("orders", "{'part': 'orders', 'hash': {'driver': 'right'}, 'owned': ['shop.Order'], 'skeletons': ['shop.OrderSkeleton']}",
                ProxiesTest.ORDER, ProxiesTest.SKELETON).start();
        } finally {
            System.clearProperty("refactor.lease.ms");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        split.close();
    }

    private static String post(String path, String body) throws Exception {
        return split.request("orders", "POST", path, body.replace('\'', '"'));
    }

    private static int ids() throws Exception {
        Matcher found = Pattern.compile("\"ids\":(\\d+)").matcher(split.request("orders", "GET", "/refactor/stats", ""));
        assertTrue(found.find());
        return Integer.parseInt(found.group(1));
    }

    private static String create(String holder) throws Exception {
        Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(post("/api/shop.Order/new", "{'from':'" + holder + "','args':['n']}"));
        assertTrue(id.find());
        return id.group(1);
    }

    private static void release(String holder, String id, int received) throws Exception {
        post("/api/_refs/release", "{'from':'" + holder + "','ids':{'" + id + "':" + received + "}}");
    }

    private static String self(String id) {
        return "'self':{'$':'ref','id':'" + id + "','class':'shop.Order'}";
    }

    @Test
    void anIdOnItsWayKeepsTheObject() throws Exception {
        int before = ids();
        String id = create("ghost.0.e1");
        String again = post("/api/shop.Order/self", "{'from':'ghost.0.e1'," + self(id) + ",'args':[]}");
        assertTrue(again.contains(id), again);
        release("ghost.0.e1", id, 1);
        assertEquals(before + 1, ids(), "sent twice, received once: the second is still on its way");
        assertTrue(post("/api/shop.Order/name", "{'from':'ghost.0.e1'," + self(id) + ",'args':[]}").contains("\"n\""));
        release("ghost.0.e1", id, 1);
        assertEquals(before, ids());
        HttpResponse<String> lost = split.send("orders", "POST", "/api/shop.Order/name", ("{'from':'ghost.0.e1'," + self(id) + ",'args':[]}").replace('\'', '"'), "secret");
        assertEquals(410, lost.statusCode());
        assertTrue(lost.body().contains("urn:refactor:object-lost"), lost.body());
    }

    @Test
    void aReleaseThatOvertakesTheGrantOfAThirdPartyIsSettled() throws Exception {
        int before = ids();
        String id = create("ghost.0.e2");
        release("other.0.e2", id, 1);
        release("ghost.0.e2", id, 1);
        assertEquals(before + 1, ids(), "the grant to the third party is still on its way");
        post("/api/_refs/grant", "{'from':'ghost.0.e2','id':'" + id + "','to':'other.0.e2','count':1}");
        assertEquals(before, ids());
    }

    @Test
    void theLeasesOfASilentHolderRunOut() throws Exception {
        String id = create("dead.0.e3");
        for (int i = 0; i < 10; i++) {
            Thread.sleep(300);
            post("/api/_refs/renew", "{'from':'dead.0.e3','url':null}");
        }
        assertTrue(post("/api/shop.Order/name", "{" + self(id) + ",'args':[]}").contains("\"n\""), "renewed in time");
        for (int i = 0; i < 50 && post("/api/shop.Order/name", "{" + self(id) + ",'args':[]}").contains("\"n\""); i++) Thread.sleep(100);
        assertTrue(post("/api/shop.Order/name", "{" + self(id) + ",'args':[]}").contains("object-lost"));
    }

    @Test
    void aProcessThatWasSilentWhileItHeldNothingGetsAWholeLease() throws Exception {
        post("/api/_refs/renew", "{'from':'idle.0.e7','url':null}");
        Thread.sleep(2600);
        String id = create("giver.0.e7");
        post("/api/_refs/grant", "{'from':'giver.0.e7','id':'" + id + "','to':'idle.0.e7','count':1}");
        release("giver.0.e7", id, 1);
        Thread.sleep(1200);
        assertTrue(post("/api/shop.Order/name", "{" + self(id) + ",'args':[]}").contains("\"n\""), "its lease is younger than two seconds");
        release("idle.0.e7", id, 1);
    }

    private static String activity() throws Exception {
        Matcher found = Pattern.compile("\"activity\":(-?\\d+)").matcher(post("/api/_refs/activity", ""));
        assertTrue(found.find());
        return found.group(1);
    }

    @Test
    void idsAreDroppedOnlyIfNothingHasMovedSinceTheyWereTraced() throws Exception {
        int before = ids();
        String id = create("giver.0.e8");
        String activity = activity();
        post("/api/_refs/grant", "{'from':'giver.0.e8','id':'" + id + "','to':'other.0.e8','count':1}");
        assertNotEquals(activity, activity(), "a new holder is not in the traces");
        assertTrue(post("/api/_refs/drop", "{'activity':" + activity + ",'ids':['" + id + "']}").contains("-1"));
        activity = activity();
        assertTrue(post("/api/shop.Order/name", "{" + self(id) + ",'args':[]}").contains("\"n\""), "still there");
        assertEquals("{\"dropped\":-1}", post("/api/_refs/drop", "{'activity':" + activity + ",'ids':['" + id + "']}"), "it was called since");
        assertEquals("{\"dropped\":1}", post("/api/_refs/drop", "{'activity':" + activity() + ",'ids':['" + id + "','unknown']}"));
        release("giver.0.e8", id, 1);
        assertEquals(before, ids(), "late releases and grants of dropped ids do nothing");
        post("/api/_refs/grant", "{'from':'giver.0.e8','id':'" + id + "','to':'other.0.e8','count':1}");
        assertEquals(before, ids());
    }

    @Test
    void aHolderThatSaysGoodbyeHoldsNothing() throws Exception {
        int before = ids();
        create("leaving.0.e4");
        create("leaving.0.e4");
        post("/api/_refs/release", "{'from':'leaving.0.e4','all':true}");
        assertEquals(before, ids());
    }

    @Test
    void anIdOfAnEarlierRunIsLost() throws Exception {
        String answer = post("/api/shop.Order/name", "{" + self("orders.0.earlier.00112233445566778899aabbccddeeff") + ",'args':[]}");
        assertTrue(answer.contains("\"status\":410"), answer);
    }

    @Test
    void aRepeatedRequestRunsOnce() throws Exception {
        String id = create("twice.0.e5");
        String add = "{'id':'77','from':'twice.0.e5'," + self(id) + ",'args':[5]}";
        assertEquals("{\"result\":5}", post("/api/shop.Order/add", add));
        assertEquals("{\"result\":5}", post("/api/shop.Order/add", add));
        assertEquals("{\"result\":10}", post("/api/shop.Order/add", add.replace("'77'", "'78'")));
        release("twice.0.e5", id, 1);
    }

    @Test
    void strangersAndOldInterfacesAreRefused() throws Exception {
        assertEquals(401, split.send("orders", "POST", "/api/shop.Order/last", "{\"args\":[]}", "guess").statusCode());
        assertEquals(401, split.send("orders", "GET", "/refactor/stats", "", "").statusCode());
        assertEquals(409, split.send("orders", "POST", "/api/shop.Order/last", "{\"args\":[]}", "secret", "X-Refactor-Interface", "driver wrong").statusCode());
        assertEquals(200, split.send("orders", "POST", "/api/shop.Order/last", "{\"args\":[]}", "secret", "X-Refactor-Interface", "driver right").statusCode());
    }

    @Test
    void nonsenseIsRefusedAndHarmsNothing() throws Exception {
        for (String body : new String[] {"", "{", "[]", "{'args':", "{'args':[{'$':'no.such.Type','v':1}]}", "{'args':[{'$':'same','v':3}]}", "{'args':[99999999999]}", "{'args':[{'$':'array','of':'void','v':[]}]}", "{'args':[{'$':'java.util.UUID','v':'x'}]}", "{'args':[{'$':'java.util.regex.Pattern','v':[1]}]}"}) {
            int status = split.send("orders", "POST", "/api/shop.Order/new", body.replace('\'', '"'), "secret").statusCode();
            assertTrue(status == 400, body + ": " + status);
        }
        for (String key : new String[] {"shop.Order/nothing", "java.lang.Runtime/exec", "java.lang.Thread/start", "shop.OrderSkeleton/register", "java.util.List/none"}) {
            assertEquals(404, split.send("orders", "POST", "/api/" + key, "{\"args\":[]}", "secret").statusCode(), key);
        }
        assertEquals(422, split.send("orders", "POST", "/api/shop.Order/same", "{\"args\":[{\"$\":\"value\",\"class\":\"shop.Order\",\"id\":\"x\",\"fields\":{}}]}", "secret")
            .statusCode(), "a class that is no value is never made from its fields");
        assertNotEquals(200, split.send("orders", "POST", "/api/_calls/resume", "{\"resume\":\"guess\",\"reply\":{\"result\":1}}", "secret").statusCode());
        assertTrue(post("/api/shop.Order/new", "{'from':'ok.0.e','args':['still alive']}").contains("\"ref\""));
        post("/api/_refs/release", "{'from':'ok.0.e','all':true}");
    }

    @Test
    void aCallForAnEarlierRunIsRefused() throws Exception {
        HttpResponse<String> answer = split.send("orders", "POST", "/api/shop.Order/new", "{\"from\":\"ghost.0.e9\",\"to\":\"orders.0.earlier\",\"args\":[\"n\"]}", "secret");
        assertEquals(410, answer.statusCode());
        assertTrue(answer.body().contains("urn:refactor:object-lost"), answer.body());
    }

    @Test
    void anotherKindOfArgumentIsABadRequest() throws Exception {
        String id = create("ghost.0.e10");
        for (String call : new String[] {"shop.Order/add {" + self(id) + ",'args':['text']}", "shop.Order/add {" + self(id) + ",'args':[]}",
                "shop.Order/add {" + self(id) + ",'args':[null]}", "shop.Order/new {'args':[7]}", "shop.Order/new {'args':[]}",
                "shop.Order/add {'self':'text','args':[1]}"}) {
            int space = call.indexOf(' ');
            HttpResponse<String> answer = split.send("orders", "POST", "/api/" + call.substring(0, space), call.substring(space + 1).replace('\'', '"'), "secret");
            assertEquals(400, answer.statusCode(), call);
            assertTrue(answer.body().contains(call.substring(0, space)) && !answer.body().contains("java."), answer.body());
        }
        assertTrue(post("/api/shop.Order/add", "{" + self(id) + ",'args':[1]}").contains("1"));
        release("ghost.0.e10", id, 1);
    }

    @Test
    void theProgramsOwnFailedCastIsTheProgramsException() throws Exception {
        String answer = post("/api/shop.Order/cast", "{'args':['text']}");
        assertTrue(answer.contains("urn:refactor:thrown") && answer.contains("java.lang.ClassCastException"), answer);
    }

    @Test
    void aStrangersBodyIsNotWaitedFor() throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", split.port("orders"))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("POST /api/shop.Order/new HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer guess\r\n"
                + "Content-Length: 200000000\r\n\r\n{").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            assertTrue(new String(answer, java.nio.charset.StandardCharsets.US_ASCII).startsWith("HTTP/1.1 401 "), "refused before its body has come, and the connection ended");
        }
    }

    @Test
    void whatASenderClaimsCostsNothing() throws Exception {
        byte[] text = "abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertEquals(3, Body.read(new java.io.ByteArrayInputStream(text), 2_000_000_000L, Integer.MAX_VALUE).length);
        assertEquals(3, Body.read(new java.io.ByteArrayInputStream(text), -1, 3).length);
        assertEquals(null, Body.read(new java.io.ByteArrayInputStream(text), -1, 2));
        assertEquals(null, Body.read(new java.io.ByteArrayInputStream(text), 3, 2));
        byte[] large = new byte[300_001];
        large[300_000] = 7;
        assertEquals(7, Body.read(new java.io.ByteArrayInputStream(large), large.length, 1 << 20)[300_000]);
        assertEquals(7, Body.read(new java.io.ByteArrayInputStream(large), -1, 300_001)[300_000]);
        assertEquals(null, Body.read(new java.io.ByteArrayInputStream(large), -1, 300_000));
    }
}
