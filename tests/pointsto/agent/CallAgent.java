package calltrace;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.Label;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Records which method of the application calls which: at the entry of every method of the listed classes the stack is searched for
 * the nearest method of a listed class below. Arguments: file with binary class names, folder for the result, folder that the
 * classes must come from: a build tool may bring another version of the same library with it.
 */
public final class CallAgent implements ClassFileTransformer {
    private static final int API = Opcodes.ASM8;
    private final Set<String> names;
    private final Path root;

    private CallAgent(Set<String> names, Path root) {
        this.names = names;
        this.root = root;
    }

    public static void premain(String arguments, Instrumentation instrumentation) throws IOException {
        String[] parts = arguments.split(",");
        Set<String> names = new HashSet<>(Files.readAllLines(Path.of(parts[0])));
        instrumentation.addTransformer(new CallAgent(names, Path.of(parts[2]).toRealPath()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Path file = Path.of(parts[1], "calls-" + ProcessHandle.current().pid() + ".txt");
                Files.write(file, new TreeSet<>(Calls.SEEN.keySet()));
            } catch (IOException e) {
                e.printStackTrace();
            }
        }));
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        if (name == null || !names.contains(name.replace('/', '.'))) {
            return null;
        }
        try {
            if (!Path.of(domain.getCodeSource().getLocation().toURI()).toRealPath().startsWith(root)) {
                return null;
            }
            return weave(name.replace('/', '.'), bytes);
        } catch (RuntimeException | IOException | URISyntaxException e) {
            System.err.println("calltrace: " + name + ": " + e);
            return null;
        }
    }

    private static byte[] weave(String owner, byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        Map<String, Integer> lines = new HashMap<>();
        reader.accept(new ClassVisitor(API) {
            @Override
            public void visitPermittedSubclassExperimental(String name) {
                // Sealed classes: the visitor of this version refuses them unless somebody takes them.
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(API) {
                    @Override
                    public void visitLineNumber(int line, Label start) {
                        lines.merge(name + descriptor, line, Math::min);
                    }
                };
            }
        }, ClassReader.SKIP_FRAMES);
        boolean anonymous = owner.matches(".*\\$\\d+");
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new ClassVisitor(API, writer) {
            private boolean isEnum;

            @Override
            public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
                isEnum = "java/lang/Enum".equals(superName);
                super.visit(version, access, name, signature, superName, interfaces);
            }

            @Override
            public void visitPermittedSubclassExperimental(String name) {
                cv.visitPermittedSubclassExperimental(name);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor out = super.visitMethod(access, name, descriptor, signature, exceptions);
                boolean function = name.startsWith("lambda$");
                boolean given = isEnum && (name.equals("values") || name.equals("valueOf"));
                boolean synthetic = (access & Opcodes.ACC_SYNTHETIC) != 0 && !function;
                if (synthetic || given || (anonymous && name.equals("<init>")) || (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
                    return out;
                }
                String id = owner + "#" + name + descriptor;
                String shown = function ? owner + "#lambda@" + lines.getOrDefault(name + descriptor, 0) : id;
                Calls.KNOWN.put(id, shown);
                return new MethodVisitor(API, out) {
                    @Override
                    public void visitCode() {
                        super.visitCode();
                        visitLdcInsn(shown);
                        visitMethodInsn(Opcodes.INVOKESTATIC, "calltrace/Calls", "enter", "(Ljava/lang/String;)V", false);
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }
}
