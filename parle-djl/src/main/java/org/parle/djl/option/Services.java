package org.parle.djl.option;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the providers of a service by name: those that the library's own class loader sees, then
 * those of the calling thread's context class loader, which may know more or less.
 *
 * <p>A provider that cannot be used is left out, and a warning is logged, once in a JVM. So are all
 * of a context class loader that has a copy of the library of its own: they do not fit this one.
 *
 * <p>Called from any thread.
 */
public final class Services {

    private static final Logger LOGGER = LoggerFactory.getLogger(Services.class);

    /** A loader that cannot even list its files says so for ever. */
    private static final int MOST_FAULTS = 1000;

    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private Services() {}

    /**
     * Finds all providers of a service.
     *
     * @param <S> the service
     * @param service its interface, one of the library's
     * @param name tells a provider's name
     * @return a new map of the providers by name, in the order in which they were found; the first
     *     of a name wins
     */
    public static <S> Map<String, S> find(Class<S> service, Function<S, String> name) {
        Map<String, S> found = new LinkedHashMap<>();
        Set<Class<?>> types = new LinkedHashSet<>();
        ClassLoader own = service.getClassLoader();
        read(service, own, types, provider -> add(found, service, name, provider));
        ClassLoader given = Thread.currentThread().getContextClassLoader();
        ClassLoader context = given == null ? ClassLoader.getSystemClassLoader() : given;
        if (context != own && fits(service, context)) {
            read(service, context, types, provider -> add(found, service, name, provider));
        }
        return found;
    }

    /**
     * Takes the provider of a name.
     *
     * @param <S> the service
     * @param kind what a provider stands for, for example {@code optimizer}
     * @param name the name wanted
     * @param found the providers there are
     * @return the one of this name
     * @throws IllegalArgumentException if there is none; the nearest names are suggested
     */
    public static <S> S named(String kind, String name, Map<String, S> found) {
        S provider = found.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(
                    String.format(
                            "no %s is called \"%s\": %s",
                            kind, name, Nearest.hint(name, found.keySet())));
        }
        return provider;
    }

    /** Returns whether the loader's providers implement this service, and no copy of it. */
    private static boolean fits(Class<?> service, ClassLoader loader) {
        try {
            if (Class.forName(service.getName(), false, loader) == service) {
                return true;
            }
            warn(
                    service.getName()
                            + ": those of the context class loader, a "
                            + loader.getClass().getName()
                            + ", which has a copy of the library of its own",
                    null);
            return false;
        } catch (ClassNotFoundException e) {
            // it sees nothing of the library, so its providers cannot either
            return false;
        } catch (LinkageError e) {
            warn(service.getName() + ": those of the context class loader", e);
            return false;
        }
    }

    private static <S> void read(
            Class<S> service, ClassLoader loader, Set<Class<?>> types, Consumer<S> use) {
        Iterator<ServiceLoader.Provider<S>> all =
                ServiceLoader.load(service, loader).stream().iterator();
        for (int faults = 0; faults < MOST_FAULTS; ) {
            try {
                if (!all.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<S> provider = all.next();
                // the context class loader mostly sees what the own one sees
                if (types.add(provider.type())) {
                    use.accept(provider.get());
                }
            } catch (ServiceConfigurationError e) {
                // the next call goes on behind it
                faults++;
                warn(e.getMessage(), e.getCause());
            } catch (LinkageError e) {
                faults++;
                warn(service.getName() + ": " + e.getMessage(), e);
            }
        }
    }

    private static <S> void add(
            Map<String, S> found, Class<S> service, Function<S, String> name, S provider) {
        try {
            String given = name.apply(provider);
            if (given == null) {
                warn(service.getName() + ": " + provider.getClass() + " has no name", null);
            } else {
                found.putIfAbsent(given, provider);
            }
        } catch (RuntimeException e) {
            warn(service.getName() + ": " + provider.getClass() + " has no name", e);
        }
    }

    private static void warn(String fault, Throwable cause) {
        if (WARNED.add(fault)) {
            LOGGER.warn(
                    "service providers left out: {}",
                    cause == null ? fault : fault + " (" + cause + ')');
            LOGGER.debug("the cause", cause);
        }
    }
}
