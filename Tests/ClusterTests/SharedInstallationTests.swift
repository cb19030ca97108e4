import FoundationEssentials
import LabSupport
import Testing

/// Two installations of one machine that share their certificates, or a namespace: an uninstall of one leaves the other
/// all that it needs.
@Suite struct SharedInstallationTests {
    /// The second one was told to use the own folder of the first one.
    @Test func anUninstallKeepsTheFolderThatAnotherInstallationUses() async throws {
        try await withTwo { first, second in
            let certs = first.path(of: "certs")
            let removed = try await first.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            let reason =
                "because the release buildkit in namespace \(second.namespace) of context test uses"
            #expect(
                removed.output.contains("Kept: the certificates (in \(certs)), \(reason) them"),
                "\(removed)")
            #expect(removed.output.contains("Kept: the CA key (in \(certs)/authority), \(reason) it"))
            #expect(try await !first.cluster.has(first.namespace))
            for name in ["client/key.pem", "daemon/key.pem", "inner/server-key.pem", "authority/key.pem"] {
                #expect(try second.text("\(certs)/\(name)") != nil, "\(name)")
            }

            let rotated = try await second.laptop.installer.run(
                "rotate", "--yes", "--namespace", second.namespace, "--verify", "no")
            #expect(rotated.succeeded, "\(rotated)")
            // The first one has no records left, so the folder is now the second one's alone.
            let last = try await second.uninstall("--everything")
            #expect(last.succeeded, "\(last)")
            #expect(try !second.files().contains { $0.path.hasSuffix("key.pem") }, "\(last)")
        }
    }

    /// The Secrets have the same names for all releases of a namespace, whatever machine installed them.
    @Test(arguments: [true, false])
    func anUninstallKeepsTheSecretsOfAnotherRelease(isOfThisMachine: Bool) async throws {
        try await Installation.begin { installation in
            let certs = "\(installation.folder)/certs"
            for (name, port) in [("a", 1), ("b", 2)] {
                let installed = try await installation.install(
                    "--release", name, "--builder", name, "--certs", certs, "--sans", "a.test", "--endpoint",
                    "a.test:\(port)", "--servername", "a.test")
                #expect(installed.succeeded, "\(installed)")
            }
            let secrets = ["Secret/buildkit-envoy-certs", "Secret/buildkit-secrets"]
            if !isOfThisMachine {
                let records =
                    "\(installation.laptop.home)/.config/buildkit-installer/test/\(installation.namespace)/b"
                try FileManager.default.removeItem(atPath: records)
            }

            let removed = try await installation.uninstall(
                "--everything", "--release", "a", "--builder", "a", "--certs", certs)
            #expect(removed.succeeded, "\(removed)")
            #expect(removed.output.contains("because the release b uses them, too"), "\(removed)")
            let titles = try await installation.objects().map(\.title)
            #expect(titles.filter { $0.hasPrefix("Secret/") }.sorted() == secrets)
            #expect(titles.contains("Deployment/b-buildkit-proxy"))
            #expect(!titles.contains("Deployment/a-buildkit-proxy"))
            #expect(try installation.text("\(certs)/authority/key.pem") != nil, "\(removed)")

            let last = try await installation.uninstall(
                "--everything", "--release", "b", "--builder", "b", "--certs", certs)
            #expect(last.succeeded, "\(last)")
            #expect(try await !installation.cluster.has(installation.namespace), "\(last)")
            #expect(try installation.text("\(certs)/authority/key.pem") == nil)
        }
    }
}
