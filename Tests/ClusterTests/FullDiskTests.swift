import FoundationEssentials
import LabSupport
import Testing

/// The disk of the certificates is full: neither they nor their Secret change.
@Suite struct FullDiskTests {
    @Test(arguments: [["rotate"], ["rotate", "--renew", "authority"], ["client", "add", "bob"]])
    func aFullDiskIsNamedAndNothingIsChanged(_ words: [String]) async throws {
        try await Installation.begin { installation in
            try await installation.installWithClient()
            let certs = installation.path(of: "certs")
            let files = try FileManager.default.subpathsOfDirectory(atPath: certs).map { "/certs/\($0)" }
            var secret = try await installation.envoySecret()
            let disk = try SmallDisk(at: "\(installation.folder)/disk", kibibytes: 1024)
            let command = installation.words(words) + ["--certs", "\(disk.path)/certs"]
            let (outcome, left) = try await disk.run(
                installation.laptop.installer, command,
                after: """
                    cp -a '\(certs)' "$1/certs"
                    head -c 2M /dev/zero > "$1/filler" 2>/dev/null || true
                    """)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("No space left on device"), "\(outcome)")
            #expect(!outcome.errors.contains("Rollback incomplete"), "\(outcome)")
            #expect(Set(left) == Set(files + ["/certs"]))
            var after = try await installation.envoySecret()
            // Certificates are registered before they are written: a serial without a certificate gives no access.
            (secret["clients.json"], after["clients.json"]) = (nil, nil)
            #expect(after == secret)
        }
    }
}
