import FoundationEssentials
import Glibc
@testable import Installer
import Testing

struct TemporaryDirectoryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func directory() -> TemporaryDirectory {
        TemporaryDirectory(nonce: UUID().uuidString.lowercased(), environment: ["TMPDIR": folder.path])
    }

    /// As a killed run leaves it: without a lock.
    private func abandoned(_ name: String? = nil) throws -> String {
        let name = name ?? "buildkit-installer.\(UUID().uuidString.lowercased())"
        try folder.write("x", to: "\(name)/0/values.yaml")
        #expect(chmod("\(folder.path)/\(name)", 0o700) == 0)
        return name
    }

    @Test func itIsItsOwnersAloneAndGoes() throws {
        let directory = directory()
        try directory.make()
        let name = String(directory.path.split(separator: "/").last ?? "")
        #expect(try folder.mode(of: name) == 0o700)
        directory.remove()
        #expect(!folder.holds(name))
    }

    @Test func thatOfAKilledRunGoesWithTheNextOne() throws {
        let left = try abandoned()
        let next = directory()
        try next.make()
        #expect(!folder.holds(left))
        next.remove()
    }

    @Test func thatOfARunAtWorkStays() throws {
        let first = directory()
        try first.make()
        let second = directory()
        try second.make()
        #expect(FileKind(first.path) == .folder)
        second.remove()
        #expect(FileKind(first.path) == .folder)
        first.remove()
    }

    @Test func whatIsNotProvenToBeOursStays() throws {
        let others = [
            try abandoned("buildkit-installer.notes"),
            // An earlier version locks nothing.
            try abandoned("buildkit-installer-\(UUID().uuidString.lowercased())"),
            try abandoned("precious"),
        ]
        let open = try abandoned()
        #expect(chmod("\(folder.path)/\(open)", 0o755) == 0)
        let link = "buildkit-installer.\(UUID().uuidString.lowercased())"
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/\(link)", withDestinationPath: "\(folder.path)/precious")
        let next = directory()
        try next.make()
        next.remove()
        for name in others + [open, link] { #expect(folder.holds("\(name)/0/values.yaml"), "\(name)") }
    }
}
