package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.policy.Action;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What whoever calls this route must be allowed, by who they are alone: it is asked before the request is read, so that a
 * refusal tells nothing of what exists. Every route of the API says it; an empty list lets in whoever is known.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Requires {
    Action[] value();
}
