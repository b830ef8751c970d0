package dev.imprimatur.server.console;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.Sessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The pages for people. */
@Configuration(proxyBeanMethods = false)
@Import({LoginPages.class, AccountPages.class, ReviewPages.class, PeoplePages.class, ConsoleProblems.class})
public class Console {
    @Bean
    Pages pages() {
        return new Pages();
    }

    @Bean
    AccountPages.Doors doors(Passwords passwords, Passkeys passkeys, Sessions sessions, ApiTokens tokens) {
        return new AccountPages.Doors(passwords, passkeys, sessions, tokens);
    }
}
