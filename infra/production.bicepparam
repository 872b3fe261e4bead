using 'main.bicep'

param stage = 'prod'
param settings = {
  TimeZone: 'Europe/Berlin'
  PhoneRegion: 'DE'
}
// As the plan documents it: addresses of storage and vault in the network, that deployments of the package go through too.
param network = 'Private'
// The first lookup of the morning waits for nothing.
param alwaysReadyInstances = 1
// The data. 'All' has the app stay up too, with two instances of each function that are billed all the time.
param zoneRedundant = 'Storage'
param logDays = 90
param lock = true
