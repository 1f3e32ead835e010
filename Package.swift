// swift-tools-version: 6.2

// The floors of Signet, lowest first. A target may depend only on targets declared above it:
// this file is the architecture diagram, and `Scripts/check-layers` holds every import against it.

import PackageDescription

/// Whether `Scripts/build` builds the programs as they are installed. A plain `swift build` needs neither the flags nor the
/// library, and nothing can depend on a package that takes flags.
let isRelease = Context.environment["SIGNET_PROGRAMS"] == "1"
/// The programs are optimized across their modules.
let wholePrograms: [SwiftSetting] = isRelease ? [.unsafeFlags(["-cross-module-optimization"])] : []
/// gperftools' malloc has caches for each thread. A certificate takes hundreds of allocations, and the C library's malloc spends
/// a twentieth of the daemon's time on merging freed blocks.
let allocator: [LinkerSetting] = isRelease ? [.linkedLibrary("tcmalloc_minimal")] : []
/// What every Swift target is compiled with.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + wholePrograms
/// Tests call C and the operating system as programs do; their memory safety is not what is shipped.
let strictTests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

let certificates: [Target.Dependency] = [
    .product(name: "X509", package: "swift-certificates"),
    .product(name: "SwiftASN1", package: "swift-asn1"),
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "_CryptoExtras", package: "swift-crypto"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// Floor 0: C, no logic.
let foundations: [Target] = [
    .systemLibrary(
        name: "CP11Kit", pkgConfig: "p11-kit-1", providers: [.apt(["libp11-kit-dev"])]),
    .target(name: "CPKCS11", dependencies: ["CP11Kit"], cSettings: strictC),
    .target(name: "CPlatform", cSettings: strictC),
]

/// Floor 1: leaves.
let leaves: [Target] = [
    .target(name: "Identifiers", swiftSettings: strict),
    .target(name: "VisibleText", swiftSettings: strict),
    .target(name: "TokenProtocol", dependencies: ["Identifiers"], swiftSettings: strict),
    .target(name: "OctetText", swiftSettings: strict),
    .target(name: "PeerCredentials", dependencies: ["CPlatform"], swiftSettings: strict),
    .target(
        name: "PKCS11", dependencies: ["CPKCS11", "CPlatform", "TokenProtocol"], swiftSettings: strict),
    .target(
        name: "PKIX",
        dependencies: ["Identifiers", "VisibleText", .product(name: "BigInt", package: "BigInt")]
            + certificates,
        swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(
        name: "LogLines", dependencies: ["VisibleText", "OctetText", "JSON", logging], swiftSettings: strict),
    .target(
        name: "HTTPConnections",
        dependencies: [
            "PKIX", logging, .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        swiftSettings: strict),
    .target(
        name: "TransparencyLog",
        dependencies: ["Identifiers", .product(name: "Crypto", package: "swift-crypto")],
        swiftSettings: strict),
    .target(name: "TrustedPaths", swiftSettings: strict),
    .target(name: "DurableFiles", dependencies: ["CPlatform", "TrustedPaths"], swiftSettings: strict),
    .target(
        name: "StrictYAML",
        dependencies: ["VisibleText", .product(name: "Yams", package: "Yams")],
        swiftSettings: strict),
]

/// Floor 2: domain.
let domain: [Target] = [
    .target(
        name: "TokenAccess",
        dependencies: ["Identifiers", "VisibleText", "CPlatform", "PKCS11", "TokenProtocol", "TrustedPaths"],
        swiftSettings: strict),
    .target(
        name: "TokenWorker",
        dependencies: ["Identifiers", "VisibleText", "CPlatform", "PKCS11", "TokenProtocol", "TokenAccess"],
        swiftSettings: strict),
    .target(
        name: "TokenOffice",
        dependencies: ["Identifiers", "VisibleText", "CPlatform", "PKCS11", "TokenProtocol", "TokenAccess"],
        swiftSettings: strict),
    .target(
        name: "Authorization", dependencies: ["OctetText", "PeerCredentials", "PKIX", "JSON"],
        swiftSettings: strict),
    .target(
        name: "Audit",
        dependencies: [
            "Identifiers", "OctetText", "PKIX", "JSON", "Authorization",
            .product(name: "Crypto", package: "swift-crypto"),
        ], swiftSettings: strict),
    .target(
        name: "Storage", dependencies: ["Identifiers", "PKIX", "TransparencyLog", "Audit"],
        swiftSettings: strict),
    .target(
        name: "Signing",
        dependencies: [
            "Identifiers", "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage",
        ],
        swiftSettings: strict),
    .target(
        name: "Issuance", dependencies: ["Identifiers", "PKIX", "Authorization", "Signing"] + certificates,
        swiftSettings: strict),
    .target(
        name: "Revocation",
        dependencies: ["PKIX", "Storage", "Signing"] + certificates,
        swiftSettings: strict),
    .target(
        name: "Tokens",
        dependencies: [
            "Identifiers", "VisibleText", "CPlatform", "TokenProtocol", "PKIX", "Signing", logging,
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "DequeModule", package: "swift-collections"),
        ],
        swiftSettings: strict),
    .target(name: "PolicyAnalysis", dependencies: ["PKIX", "Authorization"], swiftSettings: strict),
    .target(
        name: "LocalCertificates",
        dependencies: ["CPlatform", "TrustedPaths", "DurableFiles", "PKIX"] + certificates,
        swiftSettings: strict),

    .target(
        name: "CeremonyTranscript",
        dependencies: ["Identifiers", "PKIX", "JSON", .product(name: "Crypto", package: "swift-crypto")],
        swiftSettings: strict),
]

/// Floor 3: use cases.
let useCases: [Target] = [
    .target(
        name: "RecordKeeping",
        dependencies: [
            "PKIX", "JSON", "Authorization", "Audit", "Storage", "Signing", "Issuance", logging,
        ],
        swiftSettings: strict),
    .target(
        name: "Jobs", dependencies: ["Authorization", "Audit", "RecordKeeping", logging],
        swiftSettings: strict),
    .target(
        name: "Approvals",
        dependencies: [
            "Identifiers", "JSON", "Authorization", "Audit", "Storage", "RecordKeeping",
            .product(name: "Crypto", package: "swift-crypto"),
        ],
        swiftSettings: strict),
    .target(
        name: "Authorities",
        dependencies: [
            "Identifiers", "OctetText", "PKIX", "JSON", "Authorization", "Audit", "Storage", "Signing",
            "Issuance", "RecordKeeping", "Approvals", logging,
        ] + certificates,
        swiftSettings: strict),
    .target(
        name: "AuditLog",
        dependencies: [
            "Identifiers", "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage", "Signing",
            "RecordKeeping", "Authorities", logging,
        ],
        swiftSettings: strict),
    .target(
        name: "Publication",
        dependencies: [
            "Identifiers", "VisibleText", "PKIX", "JSON", "Authorization", "Audit", "Storage", "Signing",
            "Revocation", "RecordKeeping", "Authorities", logging,
        ] + certificates,
        swiftSettings: strict),

    .target(
        name: "Ceremony",
        dependencies: [
            "Identifiers", "OctetText", "TokenProtocol", "PKIX", "JSON", "TransparencyLog", "TrustedPaths",
            "StrictYAML", "TokenOffice", "Authorization",
            "Issuance", "CeremonyTranscript", .product(name: "Yams", package: "Yams"),
        ] + certificates,
        swiftSettings: strict),
]

/// Floor 4: adapters.
let adapters: [Target] = [
    .target(
        name: "SQLiteStorage",
        dependencies: [
            "Identifiers", "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage",
            .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
        ],
        swiftSettings: strict),
    .target(
        name: "Buckets", dependencies: ["DurableFiles", "Publication"], swiftSettings: strict),
    .target(
        name: "WitnessClient",
        dependencies: [
            "TransparencyLog", "AuditLog",
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        swiftSettings: strict),
    .target(
        name: "Distribution",
        dependencies: [
            "Identifiers", "PKIX", "HTTPConnections", "DurableFiles", logging,
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "DequeModule", package: "swift-collections"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOExtras", package: "swift-nio-extras"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ],
        swiftSettings: strict),
    .target(name: "WireAPI", dependencies: ["OctetText", "JSON"], swiftSettings: strict),
    .target(
        name: "Operations",
        dependencies: [
            "Identifiers", "OctetText", "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit",
            "Storage", "Signing", "Issuance", "RecordKeeping", "Jobs", "Approvals", "Authorities", "AuditLog",
            "Publication", "WireAPI", logging,
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "X509", package: "swift-certificates"),
        ],
        swiftSettings: strict),
    .target(
        name: "Listeners",
        dependencies: [
            "HTTPConnections", "PeerCredentials", "PKIX", "Authorization", "Audit", "WireAPI", "Operations",
            logging,
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ],
        swiftSettings: strict),
    .target(
        name: "RelyingPartyClient",
        dependencies: [
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        swiftSettings: strict),
    .target(
        name: "APIClient",
        dependencies: [
            "WireAPI",
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        swiftSettings: strict),
    .target(
        name: "TokenSettings",
        dependencies: [
            "TokenProtocol", "TrustedPaths", "StrictYAML", .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: strict),
    .target(
        name: "Settings",
        dependencies: [
            "Identifiers", "CPlatform", "TokenProtocol", "PKIX", "JSON", "TransparencyLog", "TrustedPaths",
            "StrictYAML", "Authorization",
            "Issuance", "TokenSettings",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "X509", package: "swift-certificates"),
            .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: strict),
]

/// The top: composition roots and command lines.
let top: [Target] = [
    .executableTarget(
        name: "signetd",
        dependencies: [
            "Identifiers", "TokenProtocol", "PKIX", "JSON", "TransparencyLog", "TrustedPaths",
            "DurableFiles",
            "StrictYAML", "Tokens", "CeremonyTranscript",
            "TokenSettings", "Authorization", "Audit", "Storage", "Signing", "Issuance",
            "RecordKeeping", "Jobs", "Approvals", "Authorities", "AuditLog", "Publication", "SQLiteStorage",
            "LogLines", "HTTPConnections", "Buckets", "WitnessClient", "Operations", "Listeners",
            "Settings", "VisibleText", arguments,
            logging,
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            .product(name: "X509", package: "swift-certificates"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
        ],
        swiftSettings: strict, linkerSettings: allocator),
    .executableTarget(
        name: "signet-responder",
        dependencies: [
            "Identifiers", "PKIX", "VisibleText", "LogLines", "Distribution", "WireAPI", "APIClient",
            arguments, logging,
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ],
        swiftSettings: strict, linkerSettings: allocator),
    .executableTarget(
        name: "signet-token-worker", dependencies: ["TokenWorker"], swiftSettings: strict),
    .executableTarget(
        name: "signet-token",
        dependencies: [
            "Identifiers", "OctetText", "TokenProtocol", "PKIX", "JSON", "TrustedPaths", "DurableFiles",
            "StrictYAML", "TokenOffice", "CeremonyTranscript", "Ceremony",
            "TokenSettings", "VisibleText", arguments,
        ] + certificates,
        swiftSettings: strict),
    .executableTarget(
        name: "signet",
        dependencies: [
            "Identifiers", "PeerCredentials", "PKIX", "TransparencyLog", "JSON", "TrustedPaths", "StrictYAML",
            "Authorization",
            "Audit", "Issuance", "PolicyAnalysis", "LocalCertificates", "RelyingPartyClient", "WireAPI",
            "APIClient", "Settings",
            "VisibleText", arguments,
            .product(name: "Yams", package: "Yams"),
        ] + certificates,
        swiftSettings: strict),

    .executableTarget(
        name: "signet-bench",
        dependencies: [
            "Identifiers", "TokenProtocol", "PKIX", "JSON", "Authorization", "Audit", "Storage", "Signing",
            "Issuance", "Tokens", "SQLiteStorage", arguments, logging,
        ]
            + certificates,
        path: "Benchmarks/signet-bench", swiftSettings: strict),
]

/// What tests stand on, and the tests: one folder per target, then real processes.
let tests: [Target] = [
    .target(name: "CSpawn", path: "Tests/CSpawn", cSettings: strictC),
    .target(
        name: "TestSupport", dependencies: ["CSpawn", "WireAPI", "APIClient"], path: "Tests/TestSupport",
        swiftSettings: strictTests),
    .target(
        name: "StorageConformance",
        dependencies: ["PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage"],
        path: "Tests/StorageConformance", swiftSettings: strictTests),
    .target(
        name: "InMemoryStorage", dependencies: ["TransparencyLog", "Audit", "Storage"],
        path: "Tests/InMemoryStorage", swiftSettings: strictTests),
    .target(
        name: "SoftwareKeys", dependencies: ["PKIX", "JSON", "Signing"] + certificates,
        path: "Tests/SoftwareKeys", swiftSettings: strictTests),
    .testTarget(
        name: "StorageTests", dependencies: ["Storage", "StorageConformance"], swiftSettings: strictTests),
    .testTarget(
        name: "InMemoryStorageTests", dependencies: ["Storage", "StorageConformance", "InMemoryStorage"],
        swiftSettings: strictTests),
    .target(
        name: "CFaultyModule", dependencies: ["CP11Kit"], path: "Tests/CFaultyModule",
        exclude: ["README.md"], cSettings: strictC),
    .target(
        name: "CHostileModule", dependencies: ["CP11Kit"], path: "Tests/CHostileModule",
        exclude: ["README.md"], cSettings: strictC),
    .target(
        name: "CFaultyDisk", path: "Tests/CFaultyDisk", exclude: ["README.md"], cSettings: strictC),
    .testTarget(
        name: "TokenProtocolTests", dependencies: ["TokenProtocol"], swiftSettings: strictTests),
    .testTarget(
        name: "VisibleTextTests", dependencies: ["VisibleText", "TestSupport"], swiftSettings: strictTests),
    .testTarget(name: "IdentifiersTests", dependencies: ["Identifiers"], swiftSettings: strictTests),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strictTests),
    .testTarget(name: "OctetTextTests", dependencies: ["OctetText"], swiftSettings: strictTests),
    .testTarget(
        name: "PeerCredentialsTests", dependencies: ["PeerCredentials"], swiftSettings: strictTests),
    .testTarget(
        name: "HTTPConnectionsTests",
        dependencies: [
            "HTTPConnections", logging,
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        ],
        swiftSettings: strictTests),
    .testTarget(
        name: "DistributionTests",
        dependencies: [
            "PKIX", "Distribution", "TestSupport", logging,
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ],
        swiftSettings: strictTests),
    .testTarget(
        name: "ListenersTests",
        dependencies: [
            "HTTPConnections", "Operations", "Listeners",
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "NIOCore", package: "swift-nio"),
        ],
        swiftSettings: strictTests),
    // Tokens are opened in exit tests: a process has one SOFTHSM2_CONF, and starts a module once.
    .testTarget(
        name: "PKCS11Tests",
        dependencies: ["CPKCS11", "PKCS11", "TestSupport", "CFaultyModule"], swiftSettings: strictTests),
    .testTarget(
        name: "TrustedPathsTests", dependencies: ["TrustedPaths", "TestSupport"], swiftSettings: strictTests),
    .testTarget(
        name: "StrictYAMLTests",
        dependencies: ["VisibleText", "StrictYAML", "TestSupport", .product(name: "Yams", package: "Yams")],
        swiftSettings: strictTests),
    .testTarget(
        name: "PKIXTests",
        dependencies: ["Identifiers", "VisibleText", "PKIX", "TestSupport"] + certificates,
        exclude: ["Python"],
        swiftSettings: strictTests),
    .testTarget(
        name: "LocalCertificatesTests",
        dependencies: ["LocalCertificates", "TestSupport"] + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "TokenAccessTests", dependencies: ["TokenProtocol", "PKCS11", "TokenAccess"],
        swiftSettings: strictTests),
    .testTarget(
        name: "TokenWorkerTests", dependencies: ["TokenProtocol", "TokenWorker", "TestSupport"],
        swiftSettings: strictTests),
    .testTarget(
        name: "TokenOfficeTests", dependencies: ["PKCS11", "TokenOffice"], swiftSettings: strictTests),
    .testTarget(
        name: "TokensTests",
        dependencies: [
            "TokenProtocol", "PKIX", "Signing", "Tokens", "TokenSettings", "TestSupport", "CFaultyModule",
            "signet-token-worker", logging,
        ]
            + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "TransparencyLogTests",
        dependencies: ["TransparencyLog", .product(name: "Crypto", package: "swift-crypto")],
        swiftSettings: strictTests),
    .testTarget(
        name: "AuthorizationTests", dependencies: ["PKIX", "JSON", "Authorization", "TestSupport"],
        exclude: ["Cases"], swiftSettings: strictTests),
    .testTarget(
        name: "PolicyAnalysisTests", dependencies: ["PKIX", "JSON", "Authorization", "PolicyAnalysis"],
        swiftSettings: strictTests),
    .testTarget(
        name: "IssuanceTests",
        dependencies: [
            "PKIX", "JSON", "Authorization", "Audit", "Storage", "Signing", "Issuance", "TestSupport",
            "InMemoryStorage", "SoftwareKeys",
        ] + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "SigningTests",
        dependencies: [
            "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage", "Signing",
            "InMemoryStorage", "SoftwareKeys",
        ] + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "OperationsTests",
        dependencies: [
            "PKIX", "JSON", "TransparencyLog", "Authorization", "Audit", "Storage", "WireAPI", "Signing",
            "Issuance", "RecordKeeping", "Approvals", "Authorities", "AuditLog", "Publication", "Operations",
            "InMemoryStorage", "SoftwareKeys", "TestSupport", logging,
        ] + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "JobsTests", dependencies: ["RecordKeeping", "Jobs", logging], swiftSettings: strictTests),
    .testTarget(
        name: "PublicationTests", dependencies: ["PKIX", "Publication", "TestSupport"] + certificates,
        swiftSettings: strictTests),
    .testTarget(
        name: "BucketsTests", dependencies: ["Publication", "Buckets", "TestSupport"],
        swiftSettings: strictTests),
    .testTarget(
        name: "SQLiteStorageTests",
        dependencies: [
            "TransparencyLog", "JSON", "Audit", "Storage", "SQLiteStorage", "TestSupport",
            "StorageConformance",
        ],
        swiftSettings: strictTests),
    .testTarget(
        name: "WireAPITests", dependencies: ["WireAPI"], swiftSettings: strictTests),
    .testTarget(
        name: "AuditTests", dependencies: ["Authorization", "Audit", "JSON", "TestSupport"],
        swiftSettings: strictTests),
    .testTarget(
        name: "SettingsTests",
        dependencies: [
            "TokenProtocol", "StrictYAML", "Authorization", "Issuance", "TokenSettings", "Settings",
            "TestSupport",
            .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "X509", package: "swift-certificates"),
        ],
        swiftSettings: strictTests),
    .testTarget(
        name: "IntegrationTests",
        dependencies: [
            "WireAPI", "APIClient", "TestSupport", "signetd", "signet-responder", "signet-token-worker",
            "signet",
            "signet-token",
        ],
        exclude: [
            "Help", "Python", "Recorded/Approvals", "Recorded/Ceremony", "Recorded/answers.txt",
            "Recorded/events.txt",
        ],
        swiftSettings: strictTests
    ),
]

let package = Package(
    name: "Signet",
    products: [
        .library(name: "APIClient", targets: ["APIClient"]),
        .executable(name: "signetd", targets: ["signetd"]),
        .executable(name: "signet-responder", targets: ["signet-responder"]),
        .executable(name: "signet-token-worker", targets: ["signet-token-worker"]),
        .executable(name: "signet", targets: ["signet"]),
        .executable(name: "signet-token", targets: ["signet-token"]),
        .library(name: "CFaultyModule", type: .dynamic, targets: ["CFaultyModule"]),
        .library(name: "CHostileModule", type: .dynamic, targets: ["CHostileModule"]),
        .library(name: "CFaultyDisk", type: .dynamic, targets: ["CFaultyDisk"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: foundations + leaves + domain + useCases + adapters + top + tests
)

// `Scripts/fuzz`: the same targets with coverage, and libFuzzer's programs on top, which it links with libFuzzer. They are
// no part of an ordinary build.
if let runtime = Context.environment["SIGNET_FUZZ"] {
    let fuzzed: Set<String> = ["PKIX", "Issuance", "WireAPI", "Operations", "JSON"]
    for target in package.targets where fuzzed.contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer"]))
    }
    // For the fuzzers only: a flag of the command line would build every package again.
    let linker: [LinkerSetting] = [
        .unsafeFlags(["-use-ld=lld", "-Xlinker", runtime]), .linkedLibrary("stdc++"),
    ]
    let fuzzer: [SwiftSetting] = strict + [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]
    package.targets += [
        .target(name: "CFuzzer", path: "Fuzz/CFuzzer", cSettings: strictC),
        .executableTarget(
            name: "fuzz-csr", dependencies: ["CFuzzer", "PKIX", "Issuance"] + certificates,
            path: "Fuzz/fuzz-csr",
            swiftSettings: fuzzer, linkerSettings: linker),
        .executableTarget(
            name: "fuzz-passthrough", dependencies: ["CFuzzer", "Issuance", "WireAPI", "Operations"],
            path: "Fuzz/fuzz-passthrough", swiftSettings: fuzzer, linkerSettings: linker),
    ]
}
