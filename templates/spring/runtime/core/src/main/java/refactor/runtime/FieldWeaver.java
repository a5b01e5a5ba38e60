package refactor.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;

/**
 * The hook for direct field accesses in test classes, whose sources are never edited: an agent of the JVM that runs them.
 *
 * <p>before: {@code getfield shop/Order.count} where shop.Order is a proxy here; after: {@code invokevirtual shop/Order.get$count()}.
 * Which accesses of which classes are meant stands in the resource {@code refactor-woven.txt}, lines of
 * {@code class <binary name>} and {@code field <class> <name> <descriptor> <accessor's name>}, class names with slashes.
 */
public final class FieldWeaver implements ClassFileTransformer {
    static final String RESOURCE = "refactor-woven.txt";

    private final Set<String> classes = new HashSet<>();
    private final Map<String, String> accessors = new HashMap<>();

    /** Called by the JVM because of {@code -javaagent}. */
    public static void premain(String arguments, Instrumentation instrumentation) throws IOException {
        InputStream in = ClassLoader.getSystemResourceAsStream(RESOURCE);
        if (in != null) instrumentation.addTransformer(new FieldWeaver(in));
    }

    FieldWeaver(InputStream lines) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                String[] words = line.split(" ");
                if (words[0].equals("class")) classes.add(words[1]);
                else if (words[0].equals("field")) accessors.put(key(words[1], words[2], words[3]), words[4]);
                else throw new IOException(RESOURCE + ": not understood: " + line);
            }
        }
    }

    private static String key(String owner, String name, String descriptor) {
        return owner + " " + name + " " + descriptor;
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] code) {
        return name != null && classes.contains(outermost(name)) ? weave(code) : null;
    }

    private static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The class with its accesses replaced; the stack never gets deeper and no frame changes, so both are kept as they are. */
    byte[] weave(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new Accesses(super.visitMethod(access, name, descriptor, signature, exceptions));
            }
        }, 0);
        return writer.toByteArray();
    }

    private final class Accesses extends MethodVisitor {
        Accesses(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            String accessor = accessors.get(key(owner, name, descriptor));
            if (accessor == null) {
                super.visitFieldInsn(opcode, owner, name, descriptor);
                return;
            }
            boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
            int invoke = isStatic ? Opcodes.INVOKESTATIC : Opcodes.INVOKEVIRTUAL;
            if (opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC) {
                super.visitMethodInsn(invoke, owner, "get$" + accessor, "()" + descriptor, false);
            } else {
                super.visitMethodInsn(invoke, owner, "set$" + accessor, "(" + descriptor + ")" + descriptor, false);
                super.visitInsn(descriptor.equals("J") || descriptor.equals("D") ? Opcodes.POP2 : Opcodes.POP);
            }
        }
    }
}
