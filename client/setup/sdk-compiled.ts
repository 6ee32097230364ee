import { inProperties, quoted, quotedInDart } from './quoting.js';

export function writeGo(dsn: string): string {
  return `// go get github.com/getsentry/sentry-go
package main

import (
	"errors"
	"log"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {
	err := sentry.Init(sentry.ClientOptions{
		Dsn:         ${quoted(dsn)},
		Environment: "production",
		Release:     "my-app@1.0.0",
	})
	if err != nil {
		log.Fatal(err)
	}
	// What is under way when the program ends
	defer sentry.Flush(2 * time.Second)

	// A first error; take it out when it has arrived
	sentry.CaptureException(errors.New("Hello from Go"))
}
`;
}

export function writeJava(dsn: string): string {
  return `// Maven or Gradle: io.sentry:sentry
import io.sentry.Sentry;

public class Main {
    public static void main(String[] args) {
        Sentry.init(options -> {
            options.setDsn(${quoted(dsn)});
            options.setEnvironment("production");
            options.setRelease("my-app@1.0.0");
        });

        // A first error; take it out when it has arrived
        Sentry.captureException(new IllegalStateException("Hello from Java"));
        // What is under way when the program ends
        Sentry.close();
    }
}
`;
}

export function writeSpring(dsn: string): string {
  return `# Maven or Gradle: io.sentry:sentry-spring-boot-4, for Spring Boot 3 io.sentry:sentry-spring-boot-starter-jakarta
sentry.dsn=${inProperties(dsn)}
sentry.environment=production
sentry.release=my-app@1.0.0
`;
}

export function writeDotNet(dsn: string): string {
  return `// dotnet add package Sentry
// In ASP.NET Core package Sentry.AspNetCore, and builder.WebHost.UseSentry(options => …) with the same options
using Sentry;

using var sentry = SentrySdk.Init(options =>
{
    options.Dsn = ${quoted(dsn)};
    options.Environment = "production";
    options.Release = "my-app@1.0.0";
});

// A first error; take it out when it has arrived
SentrySdk.CaptureException(new InvalidOperationException("Hello from .NET"));
`;
}

export function writeRust(dsn: string): string {
  return `// cargo add sentry
fn main() {
    let mut options = sentry::ClientOptions::new();
    options.environment = Some("production".into());
    options.release = Some("my-app@1.0.0".into());
    // Sends what is under way when the program ends
    let _guard = sentry::init((
        ${quoted(dsn)},
        options,
    ));

    // A first error; take it out when it has arrived
    panic!("Hello from Rust");
}
`;
}

export function writeFlutter(dsn: string): string {
  return `// flutter pub add sentry_flutter
import 'package:flutter/widgets.dart';
import 'package:sentry_flutter/sentry_flutter.dart';

Future<void> main() async {
  await SentryFlutter.init(
    (options) {
      options.dsn = ${quotedInDart(dsn)};
      options.environment = 'production';
      options.release = 'my-app@1.0.0';
    },
    appRunner: () => runApp(const MyApp()),
  );

  // A first error; take it out when it has arrived
  await Sentry.captureException(StateError('Hello from Flutter'));
}
`;
}
