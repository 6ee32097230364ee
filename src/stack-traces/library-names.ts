/**
 * Names that runtimes and widespread libraries have for themselves, separated by blanks; a `*` stands for the rest of
 * a word. A name that an application may well have too (`app`, `core`, `utils`) does not belong here.
 */

export const javaPackages = `
  java javax jakarta javafx jdk sun com.sun kotlin kotlinx scala groovy groovyjarjar* org.codehaus clojure nrepl
  android androidx dalvik libcore com.android.internal com.google.android
  org.springframework org.apache org.hibernate org.eclipse org.glassfish org.jboss org.wildfly weblogic com.ibm.ws
  io.netty io.grpc io.ktor io.micrometer io.micronaut io.quarkus io.reactivex io.smallrye io.undertow io.vertx
  reactor rx akka play okhttp3 okio retrofit2 feign com.squareup com.netflix
  com.fasterxml com.google.common com.google.gson com.google.inject com.google.protobuf
  com.zaxxer com.mysql com.mongodb org.h2 org.mariadb org.postgresql oracle.jdbc com.microsoft.sqlserver
  org.flywaydb liquibase org.jooq org.mybatis org.quartz org.thymeleaf freemarker com.vaadin
  com.amazonaws software.amazon org.slf4j ch.qos.logback net.bytebuddy net.sf.cglib org.aspectj
  org.junit junit org.testng org.mockito org.gradle org.jetbrains.kotlin sbt
`;

export const dotnetNamespaces = `
  System Microsoft Mono MS.Internal MS.Win32 Interop UnityEngine UnityEditor Xamarin
  Newtonsoft.Json Castle Autofac AutoMapper Dapper FluentValidation Grpc Hangfire MassTransit MediatR
  MongoDB.Driver MySql MySqlConnector NHibernate Npgsql Polly Quartz RabbitMQ RestSharp StackExchange.Redis
  log4net NLog Serilog Swashbuckle Moq NUnit Xunit
`;

/** What import paths of the standard library begin with. */
export const goPackages = `
  archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go
  hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort
  strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak
`;

/** Modules of Node that have been seen in traces without a folder. */
export const nodeModules = `
  _http_* _stream_* _tls_* assert async_hooks bootstrap_node buffer child_process cluster crypto dgram dns domain events
  fs http http2 https module net node querystring readline repl stream string_decoder timers tls tty url util vm
  worker_threads zlib
`;

/** What engines bring along. */
export const scriptObjects = `
  Array ArrayBuffer AsyncFunction AsyncGenerator Atomics BigInt Date Error Function Generator Int*Array Intl Iterator JSON
  Map Math Number Object Promise Proxy Reflect RegExp Set String Symbol TypedArray Uint*Array WeakMap WeakSet WebAssembly
`;

/** Functions of engines that Safari, Hermes and Bun write without their object. */
export const scriptFunctions = `
  asyncFunctionResume drainMicrotaskQueue evaluate moduleEvaluation processTicksAndRejections promiseReactionJob*
  apply bind call every filter find findIndex flatMap forEach map reduce reduceRight some sort then
`;

export const rustCrates = `
  alloc core proc_macro std test backtrace anyhow eyre color_eyre thiserror actix_http actix_rt actix_server actix_service
  actix_web async_std axum bytes crossbeam diesel futures futures_core futures_executor futures_util h2 hyper hyper_util
  log mio parking_lot rayon rayon_core reqwest rocket serde serde_json sqlx sqlx_core tokio tokio_postgres tokio_stream
  tokio_util tonic tower tower_http tower_service tracing tracing_core tracing_subscriber warp
`;

export const elixirModules = `
  Access Agent Application Atom Base Bitwise Calendar Code Collectable Config Date DateTime DynamicSupervisor EEx Enum
  Enumerable ExUnit Exception File Float Function GenEvent GenServer IEx IO Inspect Integer Kernel Keyword List Logger Macro
  Map MapSet Mix Module NaiveDateTime Node OptionParser Path Port Process Protocol Range Record Regex Registry Stream String
  StringIO Supervisor System Task Time Tuple URI Version
  Absinthe Bandit Bamboo Broadway DBConnection Ecto ExAws Finch GenStage HTTPoison Jason Mint MyXQL NimblePool Oban Phoenix
  Plug Poison Postgrex Req Swoosh Tesla ThousandIsland
`;

export const erlangModules = `
  application application_controller application_master binary code crypto dets dict elixir elixir_* epp erl_eval erl_parse
  erlang error_handler error_logger ets file gen gen_event gen_fsm gen_server gen_statem gen_tcp gen_udp global inet inet_*
  init io io_lib io_lib_* lists logger logger_* maps mnesia mnesia_* net_kernel ordsets orddict prim_* proc_lib proplists
  public_key queue rand re rpc sets shell ssl ssl_* string supervisor sys timer tls_* unicode
  cow_* cowboy cowboy_* hackney hackney_* jsx poolboy ranch ranch_* telemetry
`;

export const swiftModules = `
  Swift _Concurrency _StringProcessing Foundation FoundationEssentials FoundationNetworking Dispatch Combine SwiftUI
  SwiftUICore UIKit UIKitCore AppKit CoreFoundation CoreData XCTest Testing
`;

/** An application has a package of its own name, so only known ones can be told apart. */
export const dartPackages = `
  flutter flutter_bloc flutter_driver flutter_localizations flutter_riverpod flutter_test flutter_web_plugins
  async bloc cloud_firestore collection dio firebase_* go_router hive hooks_riverpod http path provider riverpod rxdart
  shelf shelf_router sqflite stack_trace stream_channel test test_api
`;
