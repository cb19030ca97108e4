import FoundationEssentials
import LabSupport
import Testing

extension Builds {
    /// A RUN step shares BuildKit's network, and so the port that only the proxy should dial.
    @Suite struct WalkAroundTests {
        /// Tries to make BuildKit list its workers, and prints the credentials that it accepted.
        private static let script = #"""
            PORT=$1
            command() {
                means=$1
                shift
                answer=$(printf '\0\0\0\0\0' | timeout 30 curl -sk -D - -o /dev/null --data-binary @- \
                    -H 'content-type: application/grpc' "$@/moby.buildkit.v1.Control/ListWorkers")
                case $answer in *'grpc-status: 0'*) echo "$means" ;; esac
            }
            command 'plain text' --http2-prior-knowledge http://127.0.0.1:$PORT
            command 'no certificate' --http2 https://127.0.0.1:$PORT
            for folder in /proc/[0-9]*/root/certificates /proc/[0-9]*/cwd/certificates; do
                [ ! -e "$folder" ] || echo "a look at $folder"
            done
            command 'all that its pod mounts' --http2 --cert mounted/server.crt --key mounted/server.key \
                https://127.0.0.1:$PORT
            for owner in client proxy; do
                command "the certificate of the $owner" --http2 --cert $owner/cert.pem --key $owner/key.pem \
                    https://127.0.0.1:$PORT
            done

            """#

        @Test func noStepCanCommandBuildKitWithWhatItCouldFind() async throws {
            try await OwnProxy.whileRunning { own in
                try await own.whileBuilderServes { _ in
                    // Rootless builds see BuildKit's processes, so the step gets the files of those processes
                    // directly.
                    let means = try await attempt(on: own)
                    #expect(means == ["the certificate of the proxy"])
                }
            }
        }

        /// As described in the chart's notes on `builder.clientCertificates: false`.
        @Test func withoutClientCertificatesEachStepCommandsBuildKit() async throws {
            try await OwnProxy.whileRunning { own in
                // Its pod then mounts no ca.crt.
                let mounted = "\(own.installation.folder)/open-\(own.builderPort)"
                _ = try await own.installation.pods.builderCertificates(in: mounted)
                try FileManager.default.removeItem(atPath: "\(mounted)/ca.crt")
                try await BuildKit.whileServing(port: own.builderPort, certificates: mounted) { _ in
                    let means = try await attempt(on: own)
                    #expect(
                        means == [
                            "no certificate", "all that its pod mounts", "the certificate of the client",
                            "the certificate of the proxy",
                        ])
                }
            }
        }

        /// A step with `security.insecure` could do what BuildKit itself can, and with `device` use the node's devices.
        /// The chart's configuration allows no entitlement by itself.
        @Test(arguments: [
            ("security.insecure", "--security=insecure"), ("device", "--device=example.com/disk"),
        ])
        func noStepGetsAnEntitlementThatTheConfigurationDoesNotAllow(_ entitlement: String, _ flag: String)
            async throws
        {
            try await OwnProxy.whileRunning { own in
                let installation = own.installation
                let configuration = try await installation.pods.builderConfiguration()
                #expect(configuration.contains("[worker.oci]"))
                #expect(!configuration.contains("entitlements"), "\(configuration)")
                // Neither does the configuration of this BuildKit.
                try await own.whileBuilderServes { _ in
                    let recipe = try Recipe("RUN \(flag) id > result", in: installation.folder)
                    let refusal = await #expect(throws: LabFailure.self) {
                        try await recipe.build(
                            with: installation.laptop.docker, builder: own.builder, ["--allow", entitlement])
                    }
                    let words =
                        "granting entitlement \(entitlement) is not allowed by build daemon configuration"
                    #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
                }
            }
        }

        /// Runs the attempt in a build step, and returns the accepted credentials.
        private func attempt(on own: OwnProxy) async throws -> [String] {
            let installation = own.installation
            let recipe = try Recipe(
                "COPY . .\nRUN sh script \(own.builderPort) > result", in: installation.folder)
            try await recipe.root.add("/usr/bin/curl")
            try recipe.add("script", Self.script)
            _ = try await installation.pods.builderCertificates(in: "\(recipe.folder)/mounted")
            for (owner, prefix) in [("client", "client/"), ("proxy", "inner/client-")] {
                try FileManager.default.createDirectory(
                    atPath: "\(recipe.folder)/\(owner)", withIntermediateDirectories: false)
                for name in ["cert.pem", "key.pem"] {
                    try FileManager.default.copyItem(
                        atPath: "\(installation.certificates.path)/\(prefix)\(name)",
                        toPath: "\(recipe.folder)/\(owner)/\(name)")
                }
            }
            return try await recipe.result(
                with: installation.laptop.docker, builder: own.builder, ["--network", "host"]
            ).split(separator: "\n").map(String.init)
        }
    }
}
