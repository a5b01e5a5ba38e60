package refactor.runtime.spring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import refactor.runtime.Beans;

/** The conditions of web handlers as text, one handler a line: paths, methods, params, headers, consumes, produces. */
final class Routes {
    private Routes() {}

    /** The handlers that the program's own controllers of this context declare. */
    static String of(ApplicationContext context) {
        TreeSet<String> lines = new TreeSet<>();
        for (Map.Entry<RequestMappingInfo, HandlerMethod> entry : mapping(context).getHandlerMethods().entrySet()) {
            if (Beans.isOwn(ClassUtils.getUserClass(entry.getValue().getBeanType()))) lines.add(line(entry.getKey()));
        }
        return String.join("\n", lines);
    }

    static RequestMappingHandlerMapping mapping(ApplicationContext context) {
        return context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    }

    private static String line(RequestMappingInfo info) {
        List<String> words = new ArrayList<>();
        words.add(String.join("\u0001", info.getPatternValues()));
        words.add(joined(info.getMethodsCondition().getMethods()));
        words.add(joined(info.getParamsCondition().getExpressions()));
        words.add(joined(info.getHeadersCondition().getExpressions()));
        words.add(joined(info.getConsumesCondition().getExpressions()));
        words.add(joined(info.getProducesCondition().getExpressions()));
        return String.join("\t", words);
    }

    private static String joined(Collection<?> items) {
        TreeSet<String> texts = new TreeSet<>();
        for (Object item : items) texts.add(item.toString());
        return String.join("\u0001", texts);
    }

    /** The same conditions, for a mapping of another process. */
    static RequestMappingInfo parse(String line, RequestMappingInfo.BuilderConfiguration options) {
        String[] words = line.split("\t", -1);
        RequestMethod[] methods = split(words[1]).stream().map(RequestMethod::valueOf).toArray(RequestMethod[]::new);
        return RequestMappingInfo.paths(array(words[0])).methods(methods).params(array(words[2])).headers(array(words[3]))
            .consumes(array(words[4])).produces(array(words[5])).options(options).build();
    }

    private static List<String> split(String word) {
        return word.isEmpty() ? List.of() : List.of(word.split("\u0001"));
    }

    private static String[] array(String word) {
        return split(word).toArray(new String[0]);
    }
}
