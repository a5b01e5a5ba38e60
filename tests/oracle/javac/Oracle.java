import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.tools.javac.api.JavacTool;
import com.sun.tools.javac.api.JavacTaskImpl;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Kinds.Kind;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.EndPosTable;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCAnnotation;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCExpressionStatement;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCImport;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCPackageDecl;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.io.File;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;

/**
 * What javac attributes every call, constructor call, method reference and field access of the given sources to.
 *
 * Usage: Oracle ROOT ARGS_FILE [parse|attribute], where ARGS_FILE holds one argument a line: javac's options, then "--", then the
 * files. With a third argument it stops after that step and prints nothing: for timing.
 * Output: JSON lines {kind, file, line, column, target, source, name} on stdout, `source` where the target's class comes from
 * a source file; {kind: "error", ...} for what javac rejects.
 * Kinds: call, new, method_ref, field, enum_constant (the implicit constructor call of `A(1)`, at the constant's name).
 */
public final class Oracle extends TreeScanner {
    private final PrintStream out;
    private final Types types;
    private final String file;
    private final String source;
    private final EndPosTable ends;
    private final int[] lineStarts;

    private Oracle(PrintStream out, Types types, String file, String source, EndPosTable ends) {
        this.out = out;
        this.types = types;
        this.file = file;
        this.source = source;
        this.ends = ends;
        this.lineStarts = lineStarts(source);
    }

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]).toRealPath();
        List<String> options = new ArrayList<>();
        List<File> files = new ArrayList<>();
        boolean inFiles = false;
        for (String line : Files.readAllLines(Path.of(args[1]), StandardCharsets.UTF_8)) {
            if (!inFiles && line.equals("--")) {
                inFiles = true;
            } else if (inFiles) {
                files.add(new File(line));
            } else {
                options.add(line);
            }
        }
        PrintStream out = new PrintStream(new java.io.BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        JavacTool tool = JavacTool.create();
        StandardJavaFileManager manager = tool.getStandardFileManager(said, null, StandardCharsets.UTF_8);
        JavacTask task = tool.getTask(new PrintWriter(System.err), manager, said, options, null, manager.getJavaFileObjectsFromFiles(files));
        List<CompilationUnitTree> units = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            units.add(unit);
        }
        if (args.length > 2 && args[2].equals("parse")) {
            return;
        }
        task.analyze();
        if (args.length > 2) {
            return;
        }
        Types types = Types.instance(((JavacTaskImpl) task).getContext());
        for (CompilationUnitTree unit : units) {
            JCCompilationUnit tree = (JCCompilationUnit) unit;
            String name = root.relativize(Path.of(tree.sourcefile.toUri()).toRealPath()).toString().replace(File.separatorChar, '/');
            new Oracle(out, types, name, tree.sourcefile.getCharContent(true).toString(), tree.endPositions).scan(tree);
        }
        for (Diagnostic<? extends JavaFileObject> problem : said.getDiagnostics()) {
            if (problem.getKind() == Diagnostic.Kind.ERROR) {
                String at = problem.getSource() == null ? "" : problem.getSource().toUri().getPath();
                out.println("{\"kind\":\"error\",\"file\":" + quote(at) + ",\"line\":" + problem.getLineNumber()
                        + ",\"message\":" + quote(problem.getMessage(null)) + "}");
            }
        }
        out.flush();
    }

    @Override
    public void visitImport(JCImport tree) {
        // Imports name things, they do not use them.
    }

    @Override
    public void visitPackageDef(JCPackageDecl tree) {
        scan(tree.annotations);
    }

    @Override
    public void visitAnnotation(JCAnnotation tree) {
        for (JCExpression argument : tree.args) {
            // The element's name is not a call.
            scan(argument instanceof JCAssign ? ((JCAssign) argument).rhs : argument);
        }
    }

    @Override
    public void visitMethodDef(JCMethodDecl tree) {
        long generated = Flags.GENERATEDCONSTR | Flags.GENERATED_MEMBER;
        if ((tree.mods.flags & generated) == 0 && (tree.sym == null || (tree.sym.flags() & generated) == 0)) {
            super.visitMethodDef(tree);
        }
    }

    @Override
    public void visitVarDef(JCVariableDecl tree) {
        if ((tree.mods.flags & Flags.ENUM) != 0 && tree.init instanceof JCNewClass) {
            JCNewClass creation = (JCNewClass) tree.init;
            int at = source.startsWith(tree.name.toString(), tree.pos) ? tree.pos : -1;
            emit("enum_constant", at, tree.name.toString(), constructor(creation));
            scan(tree.mods);
            scan(creation.args);
            scan(creation.def);
        } else {
            super.visitVarDef(tree);
        }
    }

    @Override
    public void visitApply(JCMethodInvocation tree) {
        Symbol symbol = TreeInfo.symbol(tree.meth);
        if (symbol instanceof MethodSymbol) {
            emit("call", nameAt(tree.meth), TreeInfo.name(tree.meth).toString(), symbol);
        } else {
            unresolved("call", nameAt(tree.meth), String.valueOf(TreeInfo.name(tree.meth)));
        }
        scan(tree.typeargs);
        JCExpression method = TreeInfo.skipParens(tree.meth);
        if (method instanceof JCFieldAccess) {
            scan(((JCFieldAccess) method).selected);
        }
        scan(tree.args);
    }

    @Override
    public void visitNewClass(JCNewClass tree) {
        Symbol symbol = constructor(tree);
        if (symbol instanceof MethodSymbol) {
            emit("new", tree.pos, "new", symbol);
        } else {
            unresolved("new", tree.pos, "new");
        }
        super.visitNewClass(tree);
    }

    @Override
    public void visitReference(JCMemberReference tree) {
        String name = tree.mode == com.sun.source.tree.MemberReferenceTree.ReferenceMode.NEW ? "new" : tree.name.toString();
        int at = ends.getEndPos(tree) - name.length();
        if (!(tree.sym instanceof MethodSymbol)) {
            unresolved("method_ref", at, name);
        } else if (!(tree.sym.isConstructor() && isArrayClass(tree.sym))) {
            emit("method_ref", at, name, tree.sym);
        }
        super.visitReference(tree);
    }

    @Override
    public void visitSelect(JCFieldAccess tree) {
        field(tree, tree.sym, tree.name.toString());
        super.visitSelect(tree);
    }

    @Override
    public void visitIdent(JCIdent tree) {
        field(tree, tree.sym, tree.name.toString());
    }

    private void field(JCExpression tree, Symbol symbol, String name) {
        boolean named = !name.equals("this") && !name.equals("super") && !name.equals("class");
        if (named && symbol instanceof VarSymbol && symbol.owner != null && symbol.owner.kind == Kind.TYP && !isArrayClass(symbol)) {
            emit("field", nameAt(tree), name, symbol);
        }
    }

    private static boolean isArrayClass(Symbol member) {
        return member.owner.name.contentEquals("Array") && member.owner.owner != null && member.owner.owner.kind != Kind.PCK;
    }

    /** The constructor that runs: of an anonymous class that of its superclass, which its own, generated one calls. */
    private static Symbol constructor(JCNewClass tree) {
        if (tree.def == null) {
            return tree.constructor;
        }
        for (JCTree member : tree.def.defs) {
            if (member instanceof JCMethodDecl && ((JCMethodDecl) member).name.contentEquals("<init>")) {
                JCTree first = ((JCMethodDecl) member).body.stats.head;
                if (first instanceof JCExpressionStatement && ((JCExpressionStatement) first).expr instanceof JCMethodInvocation) {
                    return TreeInfo.symbol(((JCMethodInvocation) ((JCExpressionStatement) first).expr).meth);
                }
            }
        }
        return tree.constructor;
    }

    /** The offset of the simple name of an identifier or a selection. */
    private int nameAt(JCTree tree) {
        JCTree bare = TreeInfo.skipParens(tree);
        if (bare instanceof JCFieldAccess) {
            return ends.getEndPos(bare) - ((JCFieldAccess) bare).name.length();
        }
        return bare.pos;
    }

    private void emit(String kind, int at, String name, Symbol symbol) {
        if (at < 0 || !source.startsWith(name, at)) {
            return; // generated by javac, or spelled with unicode escapes
        }
        if (symbol == null) {
            print(kind, at, name, "null"); // javac stopped before it: syntax errors somewhere
            return;
        }
        Symbol base = symbol.baseSymbol();
        Type erased = types.erasure(base.type);
        if (isErroneous(erased)) {
            print(kind, at, name, "null"); // declared with a type that javac does not find
            return;
        }
        String owner = isArrayClass(base) ? "java.lang.Object" : base.owner.flatName().toString();
        StringBuilder target = new StringBuilder(owner).append('#').append(base.name);
        if (base instanceof MethodSymbol) {
            target.append('(');
            for (Type parameter : erased.getParameterTypes()) {
                descriptor(parameter, target);
            }
            target.append(')');
            descriptor(base.isConstructor() ? null : erased.getReturnType(), target);
        } else {
            target.append(':');
            descriptor(erased, target);
        }
        boolean fromSource = !isArrayClass(base) && isFromSource(base);
        print(kind, at, name, quote(target.toString()) + (fromSource ? ",\"source\":true" : ""));
    }

    private static boolean isErroneous(Type type) {
        if (type.isErroneous()) {
            return true;
        }
        for (Type parameter : type.getParameterTypes()) {
            if (parameter.isErroneous()) {
                return true;
            }
        }
        return type.getReturnType() != null && type.getReturnType().isErroneous();
    }

    private static boolean isFromSource(Symbol member) {
        // A class given as a file has no class file; one found on the source path has the source in its place.
        Symbol.ClassSymbol top = member.outermostClass();
        JavaFileObject origin = top == null ? null : top.classfile != null ? top.classfile : top.sourcefile;
        return origin != null && origin.getKind() == JavaFileObject.Kind.SOURCE;
    }

    private void unresolved(String kind, int at, String name) {
        if (at >= 0 && source.startsWith(name, at)) {
            print(kind, at, name, "null");
        }
    }

    private void print(String kind, int at, String name, String target) {
        int line = java.util.Arrays.binarySearch(lineStarts, at);
        line = line < 0 ? -line - 2 : line;
        int column = source.codePointCount(lineStarts[line], at) + 1;
        out.println("{\"kind\":\"" + kind + "\",\"file\":" + quote(file) + ",\"line\":" + (line + 1) + ",\"column\":" + column
                + ",\"target\":" + target + ",\"name\":" + quote(name) + "}");
    }

    private void descriptor(Type type, StringBuilder to) {
        if (type == null) {
            to.append('V');
            return;
        }
        Type erased = types.erasure(type);
        switch (erased.getTag()) {
            case BOOLEAN: to.append('Z'); break;
            case BYTE: to.append('B'); break;
            case CHAR: to.append('C'); break;
            case SHORT: to.append('S'); break;
            case INT: to.append('I'); break;
            case LONG: to.append('J'); break;
            case FLOAT: to.append('F'); break;
            case DOUBLE: to.append('D'); break;
            case VOID: to.append('V'); break;
            case ARRAY:
                to.append('[');
                descriptor(types.elemtype(erased), to);
                break;
            default:
                to.append('L').append(erased.tsym.flatName().toString().replace('.', '/')).append(';');
        }
    }

    private static int[] lineStarts(String source) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        for (int at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
            starts.add(at + 1);
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
