// Asks a server by the client that openapi-generator makes for Java, and prints what it found.
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ApiApi;
import org.openapitools.client.model.SearchAnswer;

public class Ask {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    ApiApi api = new ApiApi(client);
    SearchAnswer found = search(api, "营商环境", List.of("通化市"));
    SearchAnswer none = search(api, "\"绝无此词\"", null);
    System.out.println(
        "java " + found.getTotal() + " " + found.getHits().get(0).getReport().getCity() + " " + none.getTotal() + " "
            + none.getExplanation().getCode());
    search(api, null, null).getFacets().getCity(); // the unknown among them
    for (var report : api.reports(null, null, null, null, null, null, null, null).getReports()) api.report(report.getId(), null);
    try {
      api.report("none", null);
    } catch (ApiException refused) {
      if (refused.getCode() != 404) throw refused;
    }
  }

  private static SearchAnswer search(ApiApi api, String text, List<String> cities) throws ApiException {
    return api.search(text, cities, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null);
  }
}
