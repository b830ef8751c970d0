package dev.imprimatur.bench;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the driver was asked once, to be asked of it again with nothing in between: the statement's text and its
 * parameters are the product's own, so that the two sides of a comparison cannot drift apart.
 */
final class RecordedStatement {
    private interface Setter {
        void set(PreparedStatement statement, UnaryOperator<Object> replacement)
                throws ReflectiveOperationException, SQLException;
    }

    private interface Elements {
        Array on(Connection connection) throws SQLException;
    }

    private final List<String> texts = new ArrayList<>();
    private final List<Setter> setters = new ArrayList<>();
    private final IdentityHashMap<Object, Elements> arrays = new IdentityHashMap<>();

    /** Connections that remember the one statement that is made and run on them. */
    ConnectionFactory recording(ConnectionFactory connections) {
        return () -> {
            Connection connection = connections.openConnection();
            return proxy(Connection.class, (proxy, method, arguments) -> {
                if (method.getName().equals("createArrayOf")) {
                    Elements elements = other -> other.createArrayOf((String) arguments[0], (Object[]) arguments[1]);
                    Array array = elements.on(connection);
                    arrays.put(array, elements);
                    return array;
                }
                Object result = invoke(connection, method, arguments);
                return result instanceof PreparedStatement statement
                        ? statement(statement, (Connection) proxy, (String) arguments[0])
                        : result;
            });
        };
    }

    String text() {
        if (texts.size() != 1) {
            throw new IllegalStateException("not one statement, but " + texts);
        }
        return texts.getFirst();
    }

    /** Sets the parameters as they were, but for those that the caller replaces. */
    void bind(PreparedStatement statement, UnaryOperator<Object> replacement) throws SQLException {
        try {
            for (Setter setter : setters) {
                setter.set(statement, replacement);
            }
        } catch (ReflectiveOperationException e) {
            throw new SQLException(e);
        }
    }

    private PreparedStatement statement(PreparedStatement statement, Connection connection, String text) {
        texts.add(text);
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                return connection;
            }
            if (method.getName().startsWith("set") && arguments.length == 2) {
                setters.add(setter(method, arguments[0], arguments[1]));
            }
            return invoke(statement, method, arguments);
        });
    }

    private Setter setter(Method method, Object position, Object value) {
        Elements elements = arrays.get(value);
        return elements == null
                ? (statement, replacement) -> method.invoke(statement, position, replacement.apply(value))
                : (statement, replacement) ->
                        method.invoke(statement, position, elements.on(statement.getConnection()));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(RecordedStatement.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
