package refactor.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A small program, as a monolith and split: classes are placed in parts, the others get proxies that are generated here
 * by reflection (interfaces, records, enums and exceptions are replicated). A test compares what both print.
 */
final class Program implements AutoCloseable {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> owners = new LinkedHashMap<>();
    private final Map<String, String> libraries = new LinkedHashMap<>();
    private Split split;
    private URLClassLoader monolith;

    /** Places classes (one top-level type per source, package `app`) in a part; part null means replicated. */
    Program place(String part, String... texts) {
        for (String text : texts) {
            java.util.regex.Matcher type = java.util.regex.Pattern.compile("(?:class|interface|record|enum) (\\w+)").matcher(text);
            if (!type.find()) throw new IllegalArgumentException(text);
            sources.put("app." + type.group(1), "package app;\nimport java.util.*;\nimport java.util.function.*;\nimport java.io.*;\n" + text);
            owners.put("app." + type.group(1), part);
        }
        return this;
    }

    Program library(String type, String kind) {
        libraries.put(type, kind);
        return this;
    }

    Program start() throws Exception {
        compile().start();
        return this;
    }

    /** Every part in a virtual machine of its own. */
    Program startApart(String... properties) throws Exception {
        compile().startApart(properties);
        return this;
    }

    private Split compile() throws Exception {
        List<String> parts = owners.values().stream().filter(part -> part != null).distinct().collect(Collectors.toList());
        split = new Split(parts.toArray(new String[0]));
        Path whole = split.compile("monolith", sources.values().toArray(new String[0]));
        monolith = new URLClassLoader(new URL[] {whole.toUri().toURL()}, Program.class.getClassLoader());
        List<Class<?>> types = new ArrayList<>();
        for (String name : sources.keySet()) types.add(Class.forName(name, false, monolith));
        for (String part : parts) {
            List<String> texts = new ArrayList<>();
            List<String> skeletons = new ArrayList<>();
            for (Class<?> type : types) {
                String owner = owners.get(type.getName());
                if (owner == null || owner.equals(part)) texts.add(sources.get(type.getName()));
                else texts.add(proxy(type, owner));
                if (part.equals(owner)) {
                    texts.add(skeleton(type));
                    skeletons.add(type.getName() + "Skeleton");
                }
            }
            split.part(part, manifest(part, types, skeletons), texts.toArray(new String[0]));
        }
        return split;
    }

    private String manifest(String part, List<Class<?>> types, List<String> skeletons) {
        List<String> owned = new ArrayList<>();
        List<String> proxies = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> exceptions = new ArrayList<>();
        List<String> enums = new ArrayList<>();
        List<String> interfaces = new ArrayList<>();
        for (Class<?> type : types) {
            String owner = owners.get(type.getName());
            String name = "'" + type.getName() + "'";
            if (part.equals(owner)) owned.add(name);
            else if (owner != null) proxies.add(name + ": '" + owner + "'");
            else if (type.isInterface()) interfaces.add(name);
            else if (type.isEnum()) enums.add(name + ": 'replicated'");
            else if (Throwable.class.isAssignableFrom(type)) exceptions.add(name);
            else values.add(name);
        }
        return "{'part': '" + part + "', 'owned': " + owned + ", 'proxies': {" + String.join(", ", proxies) + "}, 'values': " + values
            + ", 'exceptions': " + exceptions + ", 'enums': {" + String.join(", ", enums) + "}, 'interfaces': " + interfaces + ", 'skeletons': "
            + skeletons.stream().map(s -> "'" + s + "'").collect(Collectors.toList()) + ", 'libraries': {"
            + libraries.entrySet().stream().map(e -> "'" + e.getKey() + "': '" + e.getValue() + "'").collect(Collectors.joining(", ")) + "}}";
    }

    private static String operation(Executable member) {
        StringBuilder text = new StringBuilder(member instanceof Constructor ? "new" : member.getName());
        for (Class<?> type : member.getParameterTypes()) text.append('-').append(type.getSimpleName().replace("[]", "s"));
        return text.toString();
    }

    private static List<Executable> members(Class<?> type) {
        List<Executable> members = new ArrayList<>(Arrays.asList(type.getDeclaredConstructors()));
        for (Method method : type.getDeclaredMethods()) if (!method.isSynthetic()) members.add(method);
        members.removeIf(member -> Modifier.isPrivate(member.getModifiers()));
        return members;
    }

    private static String box(Class<?> type, String value) {
        return type == void.class ? value : "(" + java.lang.invoke.MethodType.methodType(type).wrap().returnType().getCanonicalName() + ") " + value;
    }

    private static String typeParameters(Executable member) {
        if (member.getTypeParameters().length == 0) return "";
        return Arrays.stream(member.getTypeParameters()).map(each -> each.getName() + " extends " + Arrays.stream(each.getBounds())
            .map(bound -> bound.getTypeName().replace('$', '.')).collect(Collectors.joining(" & "))).collect(Collectors.joining(", ", "<", "> "));
    }

    private static String written(Executable member, int i) {
        String type = member.getGenericParameterTypes()[i].getTypeName().replace('$', '.');
        return member.isVarArgs() && i == member.getParameterCount() - 1 ? type.substring(0, type.length() - 2) + "..." : type;
    }

    private static String skeleton(Class<?> type) {
        StringBuilder out = new StringBuilder("package app; public class " + type.getSimpleName() + "Skeleton implements refactor.runtime.Skeleton {\n"
            + "public void register(refactor.runtime.Endpoints e) {\n");
        for (Executable member : members(type)) {
            if (member instanceof Constructor && Modifier.isAbstract(type.getModifiers())) continue;
            StringBuilder args = new StringBuilder();
            for (int i = 0; i < member.getParameterCount(); i++) {
                args.append(i == 0 ? "" : ", ").append(box(member.getParameterTypes()[i], "args[" + i + "]"));
            }
            String head = "(\"" + type.getName() + "\", \"" + operation(member) + "\", ";
            if (member instanceof Constructor) {
                out.append("e.constructor").append(head).append("args -> new ").append(type.getName()).append('(').append(args).append("));\n");
                continue;
            }
            boolean isStatic = Modifier.isStatic(member.getModifiers());
            String call = (isStatic ? type.getName() : "((" + type.getName() + ") self)") + "." + member.getName() + "(" + args + ")";
            boolean isVoid = ((Method) member).getReturnType() == void.class;
            out.append(isStatic ? "e.function" : "e.method").append(head).append(isStatic ? "args" : "(self, args)").append(" -> ");
            out.append(isVoid ? "{ " + call + "; return null; }" : call).append(");\n");
        }
        return out.append("}}\n").toString();
    }

    private static String proxy(Class<?> type, String part) {
        String name = type.getSimpleName();
        boolean root = type.getSuperclass() == Object.class;
        StringBuilder out = new StringBuilder("package app; import refactor.runtime.*; public class " + name);
        if (!root) out.append(" extends ").append(type.getSuperclass().getCanonicalName());
        String interfaces = Arrays.stream(type.getInterfaces()).map(each -> ", " + each.getCanonicalName()).collect(Collectors.joining());
        out.append(" implements Proxy").append(interfaces).append(" {\n");
        if (root) {
            out.append("private final Ref ref$; ").append(name).append("(Ref ref) { this.ref$ = ref.bind(this); } public Ref ref$() { return ref$; }\n");
        } else {
            out.append(name).append("(Ref ref) { super(ref); }\n");
        }
        for (Executable member : members(type)) {
            StringBuilder parameters = new StringBuilder();
            StringBuilder args = new StringBuilder();
            for (int i = 0; i < member.getParameterCount(); i++) {
                parameters.append(i == 0 ? "" : ", ").append(written(member, i)).append(" a").append(i);
                args.append(", (Object) a").append(i);
            }
            String thrown = Arrays.stream(member.getExceptionTypes()).map(Class::getCanonicalName).collect(Collectors.joining(", "));
            if (!thrown.isEmpty()) thrown = " throws " + thrown;
            String endpoint = "Endpoint.of(\"" + part + "\", \"" + type.getName() + "\", \"" + operation(member) + "\")";
            if (member instanceof Constructor) {
                out.append("public ").append(name).append('(').append(parameters).append(')').append(thrown).append(" { ");
                out.append(root ? "this" : "super").append("(Remote.create(").append(endpoint).append(args).append(")); }\n");
                continue;
            }
            Class<?> result = ((Method) member).getReturnType();
            boolean isStatic = Modifier.isStatic(member.getModifiers());
            out.append("public ").append(isStatic ? "static " : "").append(typeParameters(member));
            String type1 = ((Method) member).getGenericReturnType().getTypeName().replace('$', '.');
            out.append(type1).append(' ').append(member.getName()).append('(');
            out.append(parameters).append(')').append(thrown).append(" { ");
            String call = (isStatic ? "Remote.callStatic(" + endpoint : "Remote.call(" + endpoint + ", this") + args + ")";
            out.append(result == void.class ? call : "return " + (result.isPrimitive() ? box(result, call) : "(" + type1 + ") " + call)).append("; }\n");
        }
        return out.append("}\n").toString();
    }

    /** What `app.Main.<method>` returns in the monolith. */
    Object whole(String method) throws Throwable {
        try {
            return Class.forName("app.Main", true, monolith).getMethod(method).invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What `app.Main.<method>` returns when the program is split; it runs in the part that owns Main. */
    Object split(String method) throws Throwable {
        if (split.isApart()) return call("app.Main", method);
        return split.run(owners.get("app.Main"), "app.Main", method);
    }

    /** What a static method without parameters returns, text, when a client that is no process calls it. */
    String call(String type, String method) throws Exception {
        String answer = split.request(owners.get(type), "POST", "/api/" + type + "/" + method, "{\"args\":[]}");
        java.util.regex.Matcher result = java.util.regex.Pattern.compile("\\{\"result\":\"(.*)\"\\}").matcher(answer);
        if (!result.matches()) throw new IllegalStateException(answer);
        return result.group(1);
    }

    Split processes() {
        return split;
    }

    @Override
    public void close() throws Exception {
        monolith.close();
        split.close();
    }
}
