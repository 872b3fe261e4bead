@export()
type Tags = {
  *: string
}

@export()
@description('App settings by the names that the platform knows: __ for a colon.')
type AppSettings = {
  *: string
}

@export()
@description('How storage and vault can be reached.')
type Reach = 'Public' | 'Firewall' | 'Private'
